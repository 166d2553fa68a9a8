import fc from "fast-check";
import { expect, test } from "vitest";
import { openTree, plain } from "./open.js";

const BASE = "services: {web: {image: a}}";
const PATCH = "services: {web: {tty: true}}";

function variants(files: Readonly<Record<string, string>>, more = {}) {
  return openTree(files, more).projects.flatMap((project) =>
    project.variants.map(({ origin, files: own, role, isReference }) => [
      origin,
      own.map(({ source }) => source.path).join(" + "),
      role.stated ? role.name : "(assumed)",
      isReference,
    ]),
  );
}

test("a base is paired with the first automatic override, whatever their stems", () => {
  expect(variants({ "docker-compose.yml": BASE, "compose.override.yaml": PATCH })).toEqual([
    ["default", "docker-compose.yml + compose.override.yaml", "(assumed)", true],
  ]);
});

test("of several bases the first name wins, and the others stand alone, shadowed", () => {
  const tree = { "compose.yaml": BASE, "docker-compose.yml": "services: {db: {image: b}}" };
  const files = openTree(tree).projects[0]?.files;

  expect(variants(tree).map(([origin, names]) => [origin, names])).toEqual([
    ["default", "compose.yaml"],
    ["alone", "docker-compose.yml"],
  ]);
  expect(files?.map(({ source, nameKind, shadowedBy }) => [source.path, nameKind, shadowedBy?.path])).toEqual([
    ["compose.yaml", "base", undefined],
    ["docker-compose.yml", "base", "compose.yaml"],
  ]);
});

test("a dotted stem with the sign of a patch is laid over its base, and production becomes the reference", () => {
  expect(variants({ "compose.yaml": BASE, "compose.prod.yaml": PATCH, "compose.dev.yaml": PATCH })).toEqual([
    ["default", "compose.yaml", "(assumed)", false],
    ["stem", "compose.yaml + compose.dev.yaml", "development", false],
    ["stem", "compose.yaml + compose.prod.yaml", "production", true],
  ]);
});

test("a dotted stem without such a sign stands alone", () => {
  expect(variants({ "compose.yaml": BASE, "compose.tools.yaml": "services: {cli: {image: b}}" })).toEqual([
    ["default", "compose.yaml", "(assumed)", true],
    ["alone", "compose.tools.yaml", "(assumed)", false],
  ]);
});

test("a patch of a patch has all files below it", () => {
  const files = { "compose.yaml": BASE, "compose.prod.yaml": PATCH, "compose.prod.eu.yaml": PATCH };

  expect(variants(files).map(([, names]) => names)).toEqual([
    "compose.yaml",
    "compose.yaml + compose.prod.yaml",
    "compose.yaml + compose.prod.yaml + compose.prod.eu.yaml",
  ]);
});

test.each([
  ["a merge tag", "services: {web: {image: b, ports: !reset []}}"],
  ["a network of the base", "services: {cli: {image: b, networks: [back]}}"],
  ["a service of the base", "services: {cli: {image: b, depends_on: [web]}}"],
  ["a volume of the base", "services: {cli: {image: b, volumes: ['data:/data']}}"],
])("%s is a sign of a patch", (_, text) => {
  const base = "services: {web: {image: a}}\nnetworks: {back: {}}\nvolumes: {data: {}}";

  expect(variants({ "compose.yaml": base, "compose.more.yaml": text }).map(([origin]) => origin)).toEqual([
    "default",
    "stem",
  ]);
});

test("services of the base without the ports and volumes that it gives them are a sign of a patch", () => {
  const base = "services: {web: {image: a, ports: ['80:80']}, db: {image: b}, gpu: {image: c, volumes: ['m:/m']}}";
  const origin = (text: string) => variants({ "compose.yaml": base, "compose.prod.yaml": text })[1]?.[0];

  expect(origin("services: {web: {build: {context: ., target: prod}}}")).toBe("stem");
  expect(origin("services: {gpu: {image: d, devices: [/dev/kfd]}}")).toBe("stem");
  expect(origin("services: {web: {build: ., ports: ['8080:80']}}")).toBe("alone");
  expect(origin("services: {web: {build: .}, cache: {image: c}}")).toBe("alone");
  expect(origin("services: {db: {image: c}}")).toBe("alone");
  expect(origin("services: {web: {build: .}}\nvolumes: {data: {}}")).toBe("alone");
});

test("COMPOSE_FILE names exactly the files; an override left out is judged over its base apart", () => {
  const files = {
    "compose.yaml": BASE,
    "compose.override.yaml": PATCH,
    "extra.yaml": PATCH,
    ".env": "COMPOSE_FILE=compose.yaml:extra.yaml",
  };

  expect(variants(files).map(([origin, names]) => [origin, names])).toEqual([
    ["compose-file", "compose.yaml + extra.yaml"],
    ["stem", "compose.yaml + compose.override.yaml"],
  ]);
});

test("an `.env` that may not be read steers nothing", () => {
  const files = { "compose.yaml": BASE, ".env": "COMPOSE_FILE=other.yaml" };

  expect(variants(files, { mayReadEnv: () => false }).map(([origin]) => origin)).toEqual(["default"]);
});

test("variants of the policy come first and claim their files", () => {
  const files = { "compose.yaml": BASE, "compose.eu.yaml": PATCH };
  const variantsOf = () => [{ files: ["compose.yaml", "compose.eu.yaml"], role: "ci" as const }];

  expect(variants(files, { variantsOf })).toEqual([["config", "compose.yaml + compose.eu.yaml", "ci", true]]);
});

test("devcontainer files make a variant of role development", () => {
  const files = { "compose.yaml": BASE, ".devcontainer/docker-compose.yml": PATCH };
  const devcontainers = [["/w/compose.yaml", "/w/.devcontainer/docker-compose.yml"]];

  expect(variants(files, { devcontainers })).toContainEqual([
    "devcontainer",
    "compose.yaml + .devcontainer/docker-compose.yml",
    "development",
    false,
  ]);
});

test("a file that another one includes or extends is judged with it only", () => {
  const files = {
    "compose.yaml": "include: [db/compose.yaml]\nservices: {web: {extends: {file: base.compose.yaml, service: web}}}",
    "db/compose.yaml": "services: {db: {image: b}}",
    "base.compose.yaml": BASE,
  };
  const { projects } = openTree(files);

  expect(variants(files).map(([, names]) => names)).toEqual(["compose.yaml"]);
  expect(projects[0]?.variants[0]?.broughtIn.map(({ source }) => source.path)).toEqual([
    "db/compose.yaml",
    "base.compose.yaml",
  ]);
});

test("files that include each other are still judged once", () => {
  expect(
    variants({ "a/compose.yaml": "include: [../b/compose.yaml]", "b/compose.yaml": "include: [../a/compose.yaml]" })
      .length,
  ).toBe(1);
});

test("files that do not look like Compose files are skipped with a reason, unless somebody named them", () => {
  const files = { "app-compose.yaml": "apiVersion: v1\nkind: Pod" };

  expect(openTree(files).skipped.map(({ source, reason }) => [source.path, reason])).toEqual([
    ["app-compose.yaml", "kubernetes"],
  ]);
  expect(openTree(files, { isNamed: () => true }).skipped).toEqual([]);
});

test("included projects have their own folder, and ours are laid over theirs with a problem for each clash", () => {
  const { projects } = openTree({
    "compose.yaml": "include: [db/compose.yaml]\nservices: {db: {tty: true}, web: {image: a}}",
    "db/compose.yaml": "services: {db: {image: b, volumes: ['./data:/data']}}",
  });
  const variant = projects[0]?.variants[0];
  const db = variant?.services.get("db");

  expect(plain(db?.node)).toEqual({ image: "b", volumes: ["./data:/data"], tty: "true" });
  expect(db?.mounts.map(({ hostPath }) => hostPath)).toEqual(["/w/db/data"]);
  expect(db?.image?.via.map(({ kind, name }) => [kind, name])).toEqual([["include", "db/compose.yaml"]]);
  expect(variant?.problems.map(({ kind, message }) => [kind, message])).toEqual([
    ["include-conflict", "`db` is defined here and in `db/compose.yaml`"],
  ]);
});

test("an included project knows its own `.env` below ours", () => {
  const { projects } = openTree({
    "compose.yaml": "include: [db/compose.yaml]",
    "db/compose.yaml": 'services: {db: {image: "${A}:${B}"}}',
    ".env": "A=ours",
    "db/.env": "A=theirs\nB=1",
  });

  expect(projects[0]?.variants[0]?.services.get("db")?.image?.value).toBe("ours:1");
});

test.each([
  ["include: [gone.yaml]", "include", "missing-file", "missing"],
  ["include: [../out.yaml]", "include", "not-followed", "outside"],
  ["include: ['https://example.com/compose.yaml']", "include", "not-followed", "remote"],
  ["include: [compose.yaml]", "include", "cycle", "cycle"],
  ["services: {web: {extends: {file: gone.yaml, service: a}}}", "extends", "missing-file", "missing"],
  ["services: {web: {extends: wbe}}", "extends", "missing-service", "missing"],
  ["services: {web: {extends: api}, api: {extends: web}}", "extends", "cycle", "cycle"],
  ["services: {web: {extends: {file: base.yaml}}}", "extends", "no-service", "unknown"],
])("%s cannot be followed and leaves the model incomplete", (text, kind, detail, reason) => {
  const variant = openTree({ "compose.yaml": text }).projects[0]?.variants[0];

  expect(variant?.problems.map((problem) => [problem.kind, problem.detail])).toContainEqual([kind, detail]);
  expect(variant?.incomplete.map((each) => each.reason)).toContain(reason);
  expect(variant?.isIncomplete).toBe(kind === "include");
});

test("an extended service is cloned, with paths of its own folder and hops, and keeps its place", () => {
  const { projects } = openTree({
    "compose.yaml": "services:\n  web:\n    extends: {file: base/common.yml, service: app}\n    environment: {B: 2}\n",
    "base/common.yml":
      "services:\n  app: {image: a, build: ., environment: {A: 1}, extends: root}\n  root: {user: app}\n",
  });
  const web = projects[0]?.variants[0]?.services.get("web");

  expect(plain(web?.node)).toEqual({
    user: "app",
    image: "a",
    build: ".",
    environment: { A: "1", B: "2" },
    extends: { file: "base/common.yml", service: "app" },
  });
  expect(web?.build?.contextPath).toBe("/w/base");
  expect(web?.user?.via.map(({ kind, name }) => [kind, name])).toEqual([
    ["extends", "root"],
    ["extends", "app"],
  ]);
  expect(web?.keyRange.source.path).toBe("compose.yaml");
});

test("a removal reaches what `extends` brings, too", () => {
  const { projects } = openTree({
    "compose.yaml": "services: {web: {extends: app, ports: !reset []}, app: {image: a, ports: ['80']}}",
  });

  expect(plain(projects[0]?.variants[0]?.services.get("web")?.node)).toEqual({ image: "a", extends: "app" });
});

test("services that extend each other more than 20 deep are beyond the limit", () => {
  const services = Array.from({ length: 30 }, (_, n) => `  s${n}: {extends: s${n + 1}}`);
  const text = `services:\n${services.join("\n")}\n  s30: {image: a}\n`;
  const variant = openTree({ "compose.yaml": text }).projects[0]?.variants[0];

  expect(variant?.problems.map(({ kind, detail }) => [kind, detail])).toContainEqual(["limit", "depth"]);
});

test("a service without profiles is active, others are with theirs", () => {
  const text = "services: {web: {image: a}, cli: {image: b, profiles: [tools]}, dbg: {image: c, profiles: [debug]}}";
  const variant = openTree({ "compose.yaml": text, ".env": "COMPOSE_PROFILES=debug" }).projects[0]?.variants[0];

  expect(variant?.activeServices().map(({ name }) => name)).toEqual(["web", "dbg"]);
  expect(variant?.activeServices(["tools"]).map(({ name }) => name)).toEqual(["web", "cli"]);
});

test("circles of the start order begin with the smallest name", () => {
  const text =
    "services: {c: {image: x, depends_on: [a]}, a: {image: x, links: ['b:bb']}, b: {image: x, network_mode: 'service:c'}}";
  const variant = openTree({ "compose.yaml": text }).projects[0]?.variants[0];

  expect(variant?.cycles().map((cycle) => cycle.map(({ name }) => name))).toEqual([["a", "b", "c"]]);
});

test("names of `.env` and its templates are known, values are not", () => {
  const [project] = openTree({ "compose.yaml": BASE, ".env": "A=1", ".env.example": "B=" }).projects;

  expect([[...(project?.knownVariables ?? [])], project?.hasEnvSource]).toEqual([["A", "B"], true]);
});

const lines = fc.constantFrom(
  "services:",
  "  web:",
  "    extends: web",
  "    extends: {file: compose.yaml, service: db}",
  "    image: a",
  "    <<: *x",
  "  db: &x",
  "include: [compose.b.yaml]",
  "    ports: !reset [80]",
  "    environment: [A=$B]",
  "    volumes: {a: b}",
  "---",
  "- a",
  "\t",
);

test("property: no combination of files makes the model throw", () => {
  const text = fc.array(lines, { maxLength: 12 }).map((each) => each.join("\n"));
  fc.assert(
    fc.property(text, text, text, (base, other, override) => {
      const { projects } = openTree({
        "compose.yaml": base,
        "compose.b.yaml": other,
        "compose.override.yaml": override,
      });
      for (const { variants: all } of projects) {
        for (const variant of all) {
          variant.cycles();
          for (const service of variant.services.values()) {
            for (const key of Object.getOwnPropertyNames(Object.getPrototypeOf(service))) Reflect.get(service, key);
          }
        }
      }
    }),
    { numRuns: 300 },
  );
});

test("names of an env file are known to its variant, unless it may not be read", () => {
  const files = { "compose.yaml": BASE, "web.env": "A=1\nB=2" };
  const names = (more: object) => openTree(files, more).projects[0]?.variants[0]?.envFileNames("/w/web.env");

  expect(names({})).toEqual(new Set(["A", "B"]));
  expect(names({ mayReadEnv: () => false })).toBeUndefined();
});
