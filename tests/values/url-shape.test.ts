import { describe, expect, test } from "vitest";
import { urlShape } from "../../src/values/url-shape.js";

describe("addresses by their shape", () => {
  test.each([
    ["https://github.com/acme/app", "web"],
    ["http://wiki/", "web"],
    ["HTTPS://Acme.IO?x=1", "web"],
    ["https://acme.io:8443/a#b", "web"],
    ["https://[::1]/x", "web"],
    ["https://bücher.example/", "web"],
    ["git://acme.io/app.git", "vcs"],
    ["ssh://git@acme.io/app.git", "vcs"],
    ["git@github.com:acme/app.git", "scp"],
    ["github.com/acme/app", undefined],
    ["www.acme.io", undefined],
    ["/docs", undefined],
    ["https://", undefined],
    ["https:///path", undefined],
    ["https://a b", undefined],
    ["https://.acme.io/", undefined],
    ["https://acme..io/", undefined],
    ["https://-acme.io/", undefined],
    ["javascript:alert(1)", undefined],
    ["", undefined],
  ])("%j is %s", (text, expected) => {
    expect(urlShape(text)).toBe(expected);
  });
});
