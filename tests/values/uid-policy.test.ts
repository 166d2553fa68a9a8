import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ANY_UID, readUidPolicy, USUAL_UID } from "../../src/values/uid-policy.js";

describe("a policy of UIDs", () => {
  const cases = [
    { written: 1001, text: "1001", preferred: 1001, allowed: [1001], refused: [0, 1000] },
    { written: "1001", text: "1001", preferred: 1001, allowed: [1001], refused: [0, 1000] },
    { written: [1000, 1001], text: "1000 or 1001", preferred: 1000, allowed: [1000, 1001], refused: [0, 1002] },
    { written: "500-1999", text: "500-1999", preferred: 1000, allowed: [500, 1999], refused: [0, 499, 2000] },
    { written: "10000-10010", text: "10000-10010", preferred: 10000, allowed: [10000, 10010], refused: [9999, 1000] },
    { written: "any", text: "any but 0", preferred: 1000, allowed: [1, 65532], refused: [0] },
  ];
  for (const { written, text, preferred, allowed, refused } of cases) {
    test(`${JSON.stringify(written)} allows ${allowed.join(", ")} and not ${refused.join(", ")}`, () => {
      const policy = readUidPolicy(written);

      expect(policy).toMatchObject({ text, preferred });
      expect(allowed.filter((id) => policy?.allows(id) !== true)).toEqual([]);
      expect(refused.filter((id) => policy?.allows(id) !== false)).toEqual([]);
    });
  }

  test("what is no number, list, range or `any` is no policy", () => {
    for (const written of ["", "root", "9-1", "-5", [], ["1000"], -1, 1.5, true, undefined, null, {}]) {
      expect(readUidPolicy(written)).toBeUndefined();
    }
  });

  test("the constants are what their texts read as", () => {
    expect(readUidPolicy("any")).toBe(ANY_UID);
    expect(readUidPolicy(1000)).toMatchObject({ text: USUAL_UID.text, preferred: USUAL_UID.preferred });
  });

  test("property: the number that a fix writes is allowed", () => {
    const written = fc.oneof(
      fc.nat(),
      fc.array(fc.nat(), { minLength: 1 }),
      fc.tuple(fc.nat(), fc.nat()).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`),
    );
    fc.assert(
      fc.property(written, (value) => {
        const policy = readUidPolicy(value);

        expect(policy?.allows(policy.preferred)).toBe(true);
      }),
    );
  });
});
