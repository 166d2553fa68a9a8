import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkSpdxExpression } from "../../src/values/spdx-expression.js";

describe("valid expressions", () => {
  test.each([
    "MIT",
    "mit",
    "Apache-2.0",
    "GPL-2.0-only",
    "GPL-2.0",
    "GPL-2.0+",
    "Apache-2.0+",
    "MIT OR Apache-2.0",
    "mit or apache-2.0",
    "(MIT AND BSD-3-Clause) OR LicenseRef-Acme",
    "GPL-2.0-or-later WITH Classpath-exception-2.0",
    "DocumentRef-x:LicenseRef-y",
    "((MIT))",
    "MIT AND (Apache-2.0 OR Zlib) AND ISC",
    "NONE",
  ])("%s", (text) => {
    expect(checkSpdxExpression(text)).toEqual({ kind: "valid" });
  });
});

describe("wrong expressions", () => {
  test.each([
    ["Apache 2", { kind: "unknown-license", written: "Apache 2", closest: "Apache-2.0" }],
    ["Apache License 2.0", { kind: "unknown-license", written: "Apache License 2.0", closest: "Apache-2.0" }],
    ["BSD", { kind: "unknown-license", written: "BSD", closest: "BSD-3-Clause" }],
    ["GPLv3", { kind: "unknown-license", written: "GPLv3", closest: "GPL-3.0-only" }],
    ["MIT OR Proprietary", { kind: "unknown-license", written: "Proprietary" }],
    ["GPL-2.0-only WITH Classpath", { kind: "unknown-exception", written: "Classpath" }],
    ["GPL-2.0-only WITH LLVM", { kind: "unknown-exception", written: "LLVM", closest: "LLVM-exception" }],
    ["MIT Or ISC", { kind: "malformed" }],
    ["MIT ISC", { kind: "malformed" }],
    ["MIT, ISC", { kind: "unknown-license", written: "MIT," }],
    ["MIT OR", { kind: "malformed" }],
    ["OR MIT", { kind: "malformed" }],
    ["(MIT", { kind: "malformed" }],
    ["MIT)", { kind: "malformed" }],
    ["()", { kind: "malformed" }],
    ["(MIT OR ISC) WITH LLVM-exception", { kind: "malformed" }],
    ["MIT WITH LLVM-exception WITH LLVM-exception", { kind: "malformed" }],
    ["", { kind: "malformed" }],
    ["  ", { kind: "malformed" }],
  ])("%j", (text, expected) => {
    expect(checkSpdxExpression(text)).toEqual(expected);
  });
});

test("property: no text makes it throw, and joining valid expressions keeps them valid", () => {
  fc.assert(fc.property(fc.string(), (text) => typeof checkSpdxExpression(text).kind === "string"));
  const license = fc.constantFrom("MIT", "ISC", "(MIT OR ISC)", "Apache-2.0+", "LicenseRef-x");
  fc.assert(
    fc.property(
      fc.array(license, { minLength: 1, maxLength: 20 }),
      fc.constantFrom(" AND ", " OR "),
      (parts, operator) => {
        expect(checkSpdxExpression(parts.join(operator))).toEqual({ kind: "valid" });
      },
    ),
  );
});
