import { describe, expect, test } from "vitest";
import { disagreements, isAnswered } from "../support/parity.js";
import { HADOLINT_CASES } from "./hadolint-cases.js";

const found = await disagreements("hadolint", HADOLINT_CASES);

describe("under its preset every case of hadolint is judged as it judges it, line by line", () => {
  for (const id of new Set(HADOLINT_CASES.map((group) => group.id))) {
    test.skipIf(!isAnswered("hadolint", id))(id, () => {
      expect(found.filter((each) => each.id === id)).toEqual([]);
    });
  }
});
