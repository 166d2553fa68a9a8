import { expect, test } from "vitest";
import { spannedWordsOfName, wordsOfName } from "../../src/values/words-of-name.js";

test.each([
  ["DB_PASSWORD", ["db", "password"]],
  ["dbPassword", ["db", "password"]],
  ["db-password.old", ["db", "password", "old"]],
  ["apiKey2", ["api", "key", "2"]],
  ["APIKey", ["apikey"]],
  ["Dockerfile", ["dockerfile"]],
  ["S3_BUCKET", ["s", "3", "bucket"]],
  ["a/b c", ["a", "b", "c"]],
  ["__", []],
  ["", []],
])("%j has the words %j", (name, words) => {
  expect(wordsOfName(name)).toEqual(words);
});

test("words say where they stand", () => {
  expect(spannedWordsOfName("dbPassword")).toEqual([
    { word: "db", start: 0, end: 2 },
    { word: "password", start: 2, end: 10 },
  ]);
});
