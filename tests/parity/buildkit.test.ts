import { describe, expect, test } from "vitest";
import { disagreements, isAnswered } from "../support/parity.js";
import { BUILDKIT_CASES } from "./buildkit-cases.js";

const found = await disagreements("buildkit", BUILDKIT_CASES);

describe("under its preset every case of BuildKit is judged as it judges it, line by line", () => {
  for (const id of new Set(BUILDKIT_CASES.map((group) => group.id))) {
    test.skipIf(!isAnswered("buildkit", id))(id, () => {
      expect(found.filter((each) => each.id === id)).toEqual([]);
    });
  }
});
