import { expect, test } from "vitest";
import { openVariant, plain, webService, written } from "./open.js";

test("explicit keys win over merged ones wherever `<<` stands, and earlier sources over later ones", () => {
  const variant = openVariant(
    [
      "x-a: &a {user: a, tty: true}",
      "x-b: &b {user: b, init: true}",
      "services:",
      "  web:",
      "    image: mine",
      "    <<: [*a, *b]",
      "    tty: false",
    ].join("\n"),
  );

  expect(plain(variant.services.get("web")?.node)).toEqual({ image: "mine", user: "a", tty: "false", init: "true" });
});

test("a value that an anchor brought is where it was written, and says how it came", () => {
  const variant = openVariant("x-base: &base\n  user: app\nservices:\n  web:\n    <<: *base\n    labels: *base\n");
  const web = variant.services.get("web");

  expect([
    written(web?.user?.range),
    web?.user?.via.map(({ kind, name, range }) => [kind, name, written(range)]),
  ]).toEqual(["compose.yaml:app", [["merge", "base", "compose.yaml:*base"]]]);
  expect(web?.labels.get("user")?.value?.via.map(({ kind }) => kind)).toEqual(["alias"]);
});

test("the last of equal keys counts", () => {
  expect(webService("image: a\nimage: b").image?.value).toBe("b");
});

test("variables are put into values and never into keys", () => {
  const web = webService("environment: {$A: $A}\nlabels: ['$A=$A']", "A=x");

  expect(web.environment.entries.map(({ key, value }) => [key, value?.value])).toEqual([["$A", "x"]]);
  expect(web.labels.entries.map(({ key, value }) => [key, value?.value])).toEqual([["x", "x"]]);
});

test("a value from an env file shows its expression, and its part says where it is", () => {
  const image = webService('image: "app:${TAG}-slim"', "TAG=1.4").image;

  expect([image?.text, image?.value, image?.isSecret, image?.certainty]).toEqual([
    "app:${TAG}-slim",
    "app:1.4-slim",
    true,
    "known",
  ]);
  const at = image?.value?.indexOf("slim") ?? 0;
  expect(written(image?.node.rangeOf(at, at + 4))).toBe("compose.yaml:slim");
  expect(written(image?.node.rangeOf(4, 7))).toBe("compose.yaml:${TAG}");
});

test("a part of a scalar has its own certainty", () => {
  const [port] = webService('ports: ["${PORT}:80", "${P:-81}:82"]').ports;

  expect([port?.published?.certainty, port?.published?.value, port?.target?.certainty, port?.target?.value]).toEqual([
    "unknown",
    undefined,
    "known",
    { first: 80, last: 80 },
  ]);
});

test("an alias to nowhere is an unknown value, not an absent one", () => {
  const image = webService("image: *nowhere").image;

  expect([image?.certainty, image?.value]).toEqual(["unknown", undefined]);
});

test("keys of objects are keys like any other", () => {
  const variant = openVariant("services: {constructor: {image: a}, __proto__: {image: b}}");

  expect([...variant.services.keys()]).toEqual(["constructor", "__proto__"]);
});
