import { describe, expect, test } from "vitest";
import { disagreementsAlone } from "../support/parity.js";
import { KICS_COMPOSE_CASES } from "./kics-compose-cases.js";

describe("every case of KICS is judged as its documentation says, line by line", () => {
  test.each(KICS_COMPOSE_CASES.map((group) => [group.id, group] as const))("%s", async (id, group) => {
    expect(await disagreementsAlone([`kics:${id}`], group, "compose.yaml")).toEqual([]);
  });
});
