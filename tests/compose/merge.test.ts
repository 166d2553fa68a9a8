import fc from "fast-check";
import { expect, test } from "vitest";
import { effectiveTree } from "../../src/compose/effective.js";
import { Merger } from "../../src/compose/merge.js";
import type { MappingNode } from "../../src/compose/node-model.js";
import { parseYaml } from "../../src/compose/yaml-tree.js";
import { Source } from "../../src/text/source.js";
import { openVariant, plain, written } from "./open.js";

/** Content of service `web` after an override was laid over its base, both given as one line of flow YAML. */
function merged(base: string, over: string) {
  const variant = openVariant({
    "compose.yaml": `services: {web: ${base}}`,
    "compose.override.yaml": `services: {web: ${over}}`,
  });
  return plain(variant.services.get("web")?.node);
}

test.each([
  ["scalars: the later one wins", "{image: a}", "{image: b}", { image: "b" }],
  ["null leaves the base", "{image: a}", "{image: null}", { image: "a" }],
  ["lists are appended", "{group_add: [a]}", "{group_add: [a, b]}", { group_add: ["a", "a", "b"] }],
  ["a command is replaced", "{command: [a, b]}", "{command: c}", { command: "c" }],
  ["a command is replaced by null too", "{command: [a]}", "{command: null}", { command: "(null)" }],
  [
    "a test is replaced",
    "{healthcheck: {test: a, retries: 1}}",
    "{healthcheck: {test: [CMD, b]}}",
    { healthcheck: { test: ["CMD", "b"], retries: "1" } },
  ],
  ["a build text is a context", "{build: ./a}", "{build: {target: t}}", { build: { context: "./a", target: "t" } }],
  [
    "mappings of variables merge by key",
    "{environment: {A: 1, B: 2}}",
    "{environment: {B: 3}}",
    { environment: { A: "1", B: "3" } },
  ],
  [
    "lists of variables merge by key",
    "{environment: [A=1, B=2]}",
    "{environment: [B=3, C]}",
    { environment: ["A=1", "B=3", "C"] },
  ],
  [
    "mixed variables become one list",
    "{environment: {A: 1, B: 2}}",
    "{environment: [B=3]}",
    { environment: [{ A: "1" }, "B=3"] },
  ],
  ["one name server and several", "{dns: 1.1.1.1}", "{dns: [8.8.8.8, 1.1.1.1]}", { dns: ["1.1.1.1", "8.8.8.8"] }],
  [
    "a later list downgrades a condition",
    "{depends_on: {db: {condition: service_healthy}}}",
    "{depends_on: [db]}",
    { depends_on: { db: { condition: "service_started" } } },
  ],
  [
    "a later condition is laid over a list",
    "{depends_on: [db, mq]}",
    "{depends_on: {db: {condition: service_healthy}}}",
    { depends_on: { db: { condition: "service_healthy" }, mq: { condition: "service_started" } } },
  ],
  [
    "networks become a mapping",
    "{networks: [a]}",
    "{networks: {b: {aliases: [x]}}}",
    { networks: { a: "(null)", b: { aliases: ["x"] } } },
  ],
  [
    "logging of one driver merges",
    "{logging: {driver: local, options: {a: 1}}}",
    "{logging: {options: {b: 2}}}",
    { logging: { driver: "local", options: { a: "1", b: "2" } } },
  ],
  [
    "logging of another driver replaces",
    "{logging: {driver: local, options: {a: 1}}}",
    "{logging: {driver: syslog}}",
    { logging: { driver: "syslog" } },
  ],
  [
    "an ulimit is replaced",
    "{ulimits: {nofile: {soft: 1, hard: 2}}}",
    "{ulimits: {nofile: {soft: 3}}}",
    { ulimits: { nofile: { soft: "3" } } },
  ],
  [
    "volumes are unique by target",
    "{volumes: ['aa:/x', 'bb:/y']}",
    "{volumes: ['cc:/x/']}",
    { volumes: ["cc:/x/", "bb:/y"] },
  ],
  ["ports are unique as a whole", "{ports: ['80:80']}", "{ports: ['80:80', '81:80']}", { ports: ["80:80", "81:80"] }],
  ["capabilities are unique", "{cap_add: [A, B]}", "{cap_add: [B, C]}", { cap_add: ["A", "B", "C"] }],
  [
    "hosts lose exact doubles only",
    "{extra_hosts: ['a=1']}",
    "{extra_hosts: ['a=1', 'a=2']}",
    { extra_hosts: ["a=1", "a=2"] },
  ],
  ["a value tagged !reset is removed", "{image: a, ports: ['80']}", "{ports: !reset []}", { image: "a" }],
  [
    "a key inside a mapping is removed",
    "{environment: {A: 1, B: 2}}",
    "{environment: {A: !reset null}}",
    { environment: { B: "2" } },
  ],
  ["a value tagged !override replaces", "{ports: ['80']}", "{ports: !override ['81']}", { ports: ["81"] }],
])("%s", (_, base, over, expected) => {
  expect(merged(base, over)).toEqual(expected);
});

test("subnets of a network are joined", () => {
  const variant = openVariant({
    "compose.yaml": "services: {}\nnetworks: {n: {ipam: {config: [{subnet: 10.0.0.0/8}, {subnet: 11.0.0.0/8}]}}}",
    "compose.override.yaml": "networks: {n: {ipam: {config: [{subnet: 10.0.0.0/8, gateway: 10.0.0.1}]}}}",
  });

  expect(plain(variant.networks.get("n")?.at("ipam", "config"))).toEqual([
    { subnet: "10.0.0.0/8", gateway: "10.0.0.1" },
    { subnet: "11.0.0.0/8" },
  ]);
});

test("values of different kinds are a problem at the later one, which wins", () => {
  const variant = openVariant({
    "compose.yaml": "services: {web: {ports: ['80']}}",
    "compose.override.yaml": "services: {web: {ports: {a: b}}}",
  });

  expect(
    variant.problems.map(({ kind, range, message, related }) => [kind, written(range), message, related.map(written)]),
  ).toEqual([["merge", "compose.override.yaml:{a: b}", "a mapping cannot override a list", ["compose.yaml:['80']"]]]);
  expect(plain(variant.services.get("web")?.at("ports"))).toEqual({ a: "b" });
});

test("a winner keeps the loser, and a removal what it removed", () => {
  const variant = openVariant({
    "compose.yaml": "services: {web: {image: a, user: app}}",
    "compose.override.yaml": "services: {web: {image: b, user: !reset null}}",
  });
  const web = variant.services.get("web");
  const removal = web?.removalOf("user");

  expect([written(web?.image?.range), written(web?.image?.overridden?.range)]).toEqual([
    "compose.override.yaml:b",
    "compose.yaml:a",
  ]);
  expect([web?.user, written(removal?.range), written(removal?.removed?.range)]).toEqual([
    undefined,
    "compose.override.yaml:!reset",
    "compose.yaml:app",
  ]);
});

test("a patched service stays where it was introduced and names all definitions", () => {
  const variant = openVariant({
    "compose.yaml": "services:\n  web: {image: a}",
    "compose.override.yaml": "services: {web: {tty: true}, db: {image: c}}",
  });

  expect([...variant.services.values()].map(({ definitions }) => definitions.map(written))).toEqual([
    ["compose.yaml:web", "compose.override.yaml:web"],
    ["compose.override.yaml:db"],
  ]);
});

test("!reset on a list item has no effect and is a problem", () => {
  const variant = openVariant("services: {web: {image: a, ports: [!reset '80', '81']}}");

  expect(variant.problems.map(({ kind, detail, range }) => [kind, detail, written(range)])).toEqual([
    ["reset", "list-item", "compose.yaml:!reset"],
  ]);
});

test("!reset in a single file removes its own value", () => {
  expect(plain(openVariant("services: {web: {image: a, ports: !reset ['80']}}").services.get("web")?.node)).toEqual({
    image: "a",
  });
});

test("several documents of one file are merged in order", () => {
  const variant = openVariant("services: {web: {image: a}}\n---\nservices: {web: {image: b, tty: true}}\n");

  expect(plain(variant.services.get("web")?.node)).toEqual({ image: "b", tty: "true" });
});

test("property: laying mappings over each other is associative", () => {
  const scalar = fc.constantFrom("1", "2", "x");
  const inner = fc.dictionary(fc.constantFrom("a", "b", "c"), scalar, { maxKeys: 3 });
  const tree = fc.dictionary(fc.constantFrom("image", "user", "p"), scalar, { maxKeys: 3 });
  const service = fc.record({ tree, deploy: inner, environment: inner });
  const node = (value: { tree: object; deploy: object; environment: object }): MappingNode => {
    const text = JSON.stringify({
      services: { web: { ...value.tree, deploy: value.deploy, environment: value.environment } },
    });
    const [root] = parseYaml(new Source("compose.yaml", text)).documents;
    const built = root === undefined ? undefined : effectiveTree(root, "/w", () => undefined);
    if (built?.kind !== "mapping") throw new Error("no mapping");
    return built;
  };
  fc.assert(
    fc.property(service, service, service, (first, second, third) => {
      const [a, b, c] = [node(first), node(second), node(third)];
      const merger = new Merger();

      const left = merger.files(merger.files(a, b), c);
      const right = merger.files(a, merger.files(b, c));
      expect(plain(left)).toEqual(plain(right));
    }),
  );
});

test("an entry whose value was replaced has the later key, one whose content was merged the earlier", () => {
  const variant = openVariant({
    "compose.yaml": "services: {web: {image: a, command: [x], ports: ['80']}}",
    "compose.override.yaml": "services: {web: {command: [y], ports: ['81']}}",
  });
  const places = (key: string) => {
    const entry = variant.services.get("web")?.entryAt(key);
    return [entry?.keyRange, entry?.value.range, ...(entry?.patchedAt ?? [])].map(written);
  };

  expect(places("command")).toEqual(["compose.override.yaml:command", "compose.override.yaml:[y]"]);
  expect(places("ports")).toEqual(["compose.yaml:ports", "compose.yaml:['80']", "compose.override.yaml:ports"]);
});
