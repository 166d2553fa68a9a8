import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Node } from "../../src/compose/node-model.js";
import type { SchemaFault } from "../../src/compose/schema-faults.js";
import { isUsual } from "../../src/compose/usual-shape.js";
import type { Schema } from "../../src/data/compose-schema/forms.js";
import { composeSchema } from "../../src/data/compose-schema/schema.js";
import { textOf } from "../../src/text/source.js";
import { compiledJudge } from "../support/compose-judge.js";
import { openTree, openVariant } from "./open.js";
import { PLACES } from "./schema-values.js";

/** A Compose file with one value at a place. */
function fileWith(place: string, value: string): string {
  const steps = place.split(/\.|(?=\[\])/);
  const [open, close] = steps.reduceRight<readonly [string, string]>(
    ([before, after], step) =>
      step === "[]" ? [`[${before}`, `${after}]`] : [`{${step === "*" ? "web" : step}: ${before}`, `${after}}`],
    ["", ""],
  );
  // A plain scalar of the flow style ends at a brace.
  return `${open}${value.startsWith("${") ? `"${value}"` : value}${close}`;
}

function treeOf(text: string): Node {
  const [document] = openVariant(text).files[0]?.documents ?? [];
  if (document === undefined) throw new Error(`no document in ${text}`);
  return document;
}

function verdictOn(text: string) {
  return compiledJudge().judge(treeOf(text));
}

function shown({ range, message }: SchemaFault): string {
  return `${textOf(range)}: ${message}`;
}

describe("every place", () => {
  test.each(PLACES)("$place takes what is right", ({ place, right }) => {
    for (const value of right) {
      const { faults, missing } = verdictOn(fileWith(place, value));
      const isEmpty = missing.filter(({ message }) => message.includes("is empty"));
      expect([value, ...faults.map(shown), ...isEmpty.map(shown)]).toEqual([value]);
    }
  });

  test.each(PLACES)("$place refuses what is wrong, in it or at its key", ({ place, wrong }) => {
    for (const value of wrong) {
      const text = fileWith(place, value);
      const { faults } = verdictOn(text);
      const start = fileWith(place, "\0").indexOf("\0");
      const key = place.split(/\.|\[\]/).findLast((step) => step !== "") ?? "";
      const keyStart = text.lastIndexOf(`${key === "*" ? "web" : key}: `, start);
      const [fault] = faults;
      expect([value, faults.length > 0]).toEqual([value, true]);
      expect(fault?.range.start).toBeGreaterThanOrEqual(keyStart);
      expect(fault?.range.end).toBeLessThanOrEqual(start + value.length + 2);
      expect(fault?.message.length).toBeLessThanOrEqual(160);
    }
  });

  test.each(PLACES)("$place: what is taken for usual is right", ({ place, right, wrong }) => {
    for (const value of [...right, ...wrong]) {
      const tree = treeOf(fileWith(place, value));
      if (isUsual(tree)) expect([value, compiledJudge().judge(tree)]).toEqual([value, { faults: [], missing: [] }]);
    }
  });
});

test("no place of the schema is left out of these tests, and each says what it is for", () => {
  const schema = composeSchema("https://example.org");
  const defs = Object(schema["$defs"]);
  const places = new Set<string>();
  const silent: string[] = [];
  const walk = (written: Schema, place: string): void => {
    const reference = String(written["$ref"] ?? "").slice("#/$defs/".length);
    const part: Schema = reference === "" ? written : { ...defs[reference], ...written };
    if (place !== "") places.add(place);
    const isKey = place !== "" && !place.endsWith("*") && !place.endsWith("[]");
    if (
      isKey &&
      (typeof part["description"] !== "string" || part["description"] === "" || part["title"] === undefined)
    ) {
      silent.push(place);
    }
    for (const [key, value] of Object.entries(Object(part["properties"]))) {
      walk(Object(value), place === "" ? key : `${place}.${key}`);
    }
    if (part["items"] !== undefined) walk(Object(part["items"]), `${place}[]`);
    if (typeof part["additionalProperties"] === "object") walk(Object(part["additionalProperties"]), `${place}.*`);
  };
  walk(schema, "");
  const tested = new Set(PLACES.map(({ place }) => place));
  expect([...places].filter((place) => !tested.has(place))).toEqual([]);
  expect([...tested].filter((place) => !places.has(place))).toEqual([]);
  expect(silent).toEqual([]);
});

test.each([
  ["services: {web: {depends_on: {db: {restart: true}}}}", ["db: dependency `db` has no `condition`"]],
  ["services: {web: {ulimits: {nofile: {soft: 1}}}}", ["nofile: `nofile` has no `hard`"]],
  ["services: {web: {env_file: [{required: false}]}}", ["required: an item of `env_file` has no `path`"]],
  ["services: {web: {extends: {file: a.yaml}}}", ["extends: `extends` of `web` has no `service`"]],
  ["services: {web: {provider: {options: {}}}}", ["provider: `provider` of `web` has no `type`"]],
  ["services: {web: {volumes: [{type: bind}]}}", ["type: an item of `volumes` has no `target`"]],
  ["services: {web: {volumes: [{target: /a}]}}", ["target: an item of `volumes` has no `type`"]],
  ["services: {web: {devices: [{target: /dev/a}]}}", ["target: an item of `devices` has no `source`"]],
  ["services: {web: {post_start: [{user: root}]}}", ["user: an item of `post_start` has no `command`"]],
  ["services: {web: {develop: {watch: [{path: a}]}}}", ["path: an item of `watch` has no `action`"]],
  ["services: {web: {develop: {watch: [{path: a, action: sync}]}}}", ["path: an item of `watch` has no `target`"]],
  ["services: {web: {develop: {watch: [{path: a, action: rebuild}]}}}", []],
  ["services: {web: {pre_start: [{image: busybox}]}}", []],
  [
    "services: {web: {deploy: {resources: {reservations: {devices: [{count: 1}]}}}}}",
    ["count: an item of `devices` has no `capabilities`"],
  ],
  ["services: {web: {gpus: [{count: 1}]}}", []],
  ["models: {llm: {name: a}}", ["llm: `llm` has no `model`"]],
  ["services: {web: }", ["web: `services.web` is empty; give it `image` or `build`"]],
  ["secrets: {key: }", ["key: `secrets.key` is empty; give it `file`, `environment` or `external: true`"]],
])("%s lacks %j", (text, expected) => {
  expect(verdictOn(text).missing.map((fault) => shown(fault).split(";")[0])).toEqual(
    expected.map((line) => line.split(";")[0]),
  );
});

test.each([
  ["services: {web: {cap_add: [NET_RAW, NET_RAW]}}", "`NET_RAW` is listed twice in `cap_add`; remove one"],
  ["services: {web: {stop_grace_period: 0}}", "`0` has no unit; write `0s`"],
  ["services: {web: {user: 1000}}", '`user: 1000` is a number, and Compose wants text; write `"1000"`'],
  [
    "services: {web: {labels: {since: 2024-01-02}}}",
    '`since: 2024-01-02` is a date, and Compose wants text; write `"2024-01-02"`',
  ],
  [
    "services: {web: {restart: false}}",
    '`false` is no restart policy; write `"no"`, `always`, `on-failure` or `unless-stopped`',
  ],
  ["services: {web: {cgroup: hots}}", "`hots` is no cgroup namespace; did you mean `host`?"],
  ["services: {web: {platform: linux-amd64}}", "`linux-amd64` is no platform; write `linux/amd64` or `linux/arm64`"],
  ["services: {web: {deploy: {replicas: -1}}}", "`replicas: -1` is out of range; it is at least 0"],
  ["services: {web: {image: [a]}}", "`image` of `web` is a list, and Compose reads text"],
  [
    "services: {web: {ports: 80}}",
    "`ports` of `web` is a number, and Compose reads a list; put a `-` before each item",
  ],
  ["[a]", "the file is a list, and Compose reads a mapping; write `name:` instead of `- name`"],
])("%s: %s", (text, message) => {
  expect(verdictOn(text).faults.map((fault) => fault.message)).toEqual([message]);
});

test("values of env files are judged, and never shown", () => {
  const { projects } = openTree(
    {
      "compose.yaml": 'services: {web: {restart: $POLICY, mem_limit: "${SIZE}", cgroup: $POLICY}}',
      ".env": "POLICY=hunter2\nSIZE=12\n",
    },
    { judge: compiledJudge },
  );
  const faults = projects[0]?.files[0]?.schemaFaults ?? [];
  expect(faults.map(({ range }) => textOf(range))).toEqual(["$POLICY", "$POLICY"]);
  expect(JSON.stringify(faults.map(({ message, mend }) => [message, mend?.text]))).not.toContain("hunter2");
});

test("what an override brings is not missed, and what nobody brings is", () => {
  const { projects } = openTree(
    {
      "compose.yaml":
        "services: {web: {image: a, depends_on: {db: {restart: true}}, ulimits: {nofile: {soft: 1}}}, db: {image: b}}",
      "compose.override.yaml": "services: {web: {depends_on: {db: {condition: service_started}}, environment: }}",
    },
    { judge: compiledJudge },
  );
  const missing = projects[0]?.variants[0]?.missingKeys ?? [];
  expect(missing.map(shown)).toEqual([
    "environment: `environment` of `web` is empty; give it a value or remove the key",
    "nofile: `nofile` has no `hard`; add it",
  ]);
});

test("without a judge nothing is held against the schema", () => {
  const variant = openVariant("services: {web: {nonsense: 1}}");
  expect([variant.files[0]?.schemaFaults, variant.missingKeys]).toEqual([[], []]);
});

test("a service that extends what cannot be read is not said to lack anything", () => {
  const { projects } = openTree(
    {
      "compose.yaml":
        "services: {web: {extends: {service: a, file: gone.yaml}, depends_on: {db: {restart: true}}}, db: {image: b}}",
    },
    { judge: compiledJudge },
  );
  expect(projects[0]?.variants[0]?.missingKeys).toEqual([]);
});

test("the shipped schema is the one that the sources give", () => {
  const shipped: unknown = JSON.parse(readFileSync("schema/compose.schema.json", "utf8"));
  expect(shipped).toEqual(composeSchema("https://github.com/plimsoll-lint/plimsoll"));
});

test("property: any YAML gets a verdict, and the usual is always right", () => {
  const keys = [...new Set(PLACES.flatMap(({ place }) => place.split(/\.|\[\]/)))].filter(
    (key) => key !== "" && key !== "*",
  );
  const values = [...new Set(PLACES.flatMap(({ right, wrong }) => [...right, ...wrong]))];
  const node = fc.letrec<{ node: string }>((tie) => ({
    node: fc.oneof(
      { depthSize: "medium", maxDepth: 6 },
      fc.constantFrom(...values),
      fc.array(tie("node"), { maxLength: 3 }).map((items) => `[${items.join(", ")}]`),
      fc
        .uniqueArray(fc.tuple(fc.constantFrom("x-a", "__proto__", "web", ...keys), tie("node")), {
          maxLength: 4,
          selector: ([key]) => key,
        })
        .map((entries) => `{${entries.map(([key, value]) => `${key}: ${value}`).join(", ")}}`),
    ),
  })).node;
  fc.assert(
    fc.property(node, node, (services, other) => {
      const text = `{services: {web: ${services}}, volumes: ${other}}`;
      const tree = treeOf(text);
      const { faults, missing } = compiledJudge().judge(tree);
      for (const { message, range } of [...faults, ...missing]) {
        expect(message.length).toBeLessThan(240);
        expect(range.end).toBeLessThanOrEqual(text.length);
      }
      if (isUsual(tree)) expect([...faults, ...missing].map(shown)).toEqual([]);
    }),
    { numRuns: 400 },
  );
});
