import { expect, test } from "vitest";
import { nativeModule } from "../../src/data/native-modules.js";

test.each([
  ["express", "^5.0.0", undefined],
  ["sharp", "^0.34.0", "library"],
  ["better-sqlite3", "latest", "version"],
  ["bcrypt", "^5.1.1", "library"],
  ["bcrypt", "~5.0", "library"],
  ["bcrypt", "6.0.0", undefined],
  ["argon2", "^0.31.2", "library"],
  ["argon2", "^0.44.0", undefined],
  ["bcrypt", "*", undefined],
  ["bcrypt", ">=5.1.0", undefined],
  ["oracledb", "^6.8.0", undefined],
])("%s %s needs %s of the image", (name, wanted, need) => {
  expect(nativeModule(name, wanted)).toBe(need);
});
