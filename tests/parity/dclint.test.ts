import { describe, expect, test } from "vitest";
import { disagreements } from "../support/parity.js";
import { DCLINT_CASES } from "./dclint-cases.js";

const found = await disagreements("dclint", DCLINT_CASES, "compose.yaml");

describe("under its preset every case of dclint is judged as it judges it, line by line", () => {
  for (const id of new Set(DCLINT_CASES.map((group) => group.id))) {
    test(id, () => {
      expect(found.filter((each) => each.id === id)).toEqual([]);
    });
  }
});
