import { describe, expect, test } from "vitest";
import { type Files, runCli } from "../support/run-cli.js";

const ONLY = ["--only", "images/pin-tag", "-f", "compact"];

async function lines(args: readonly string[], files: Files): Promise<readonly string[]> {
  const { stdout } = await runCli(args, files);
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.replace(/ (?:error|warning|info): .* \[/, " ["));
}

const KICS_ID = "9efb0b2d-89c9-41a3-91ca-dcc0aec911fd";

describe("comments silence findings of real rules in a Dockerfile", () => {
  test.each([
    "# plimsoll-ignore images/pin-tag -- rebuilt nightly",
    "# plimsoll-ignore images/pin-tag#no-tag -- rebuilt nightly",
    "# plimsoll-ignore images/*, user/require-user -- rebuilt nightly",
    "# plimsoll-ignore DL3006",
    "# plimsoll-ignore hadolint:DL3006",
    "# hadolint ignore=DL3006",
    "# hadolint ignore=DL3007,DL3006 # rebuilt nightly",
    "# kics-scan ignore-line",
    "# kics-scan ignore-block",
    "# nosemgrep: missing-image-version",
    "# nosemgrep",
  ])("%s covers the next instruction alone", async (comment) => {
    expect(await lines(ONLY, { Dockerfile: [comment, "FROM node", "FROM redis"] })).toEqual([
      "Dockerfile:3:6: [images/pin-tag#no-tag]",
    ]);
  });

  test.each([
    "# plimsoll-ignore-file images/pin-tag -- rebuilt nightly",
    "# hadolint global ignore=DL3006",
    "# checkov:skip=CKV_DOCKER_7: rebuilt nightly",
    `# kics-scan disable=${KICS_ID}`,
    "# kics-scan ignore",
  ])("%s covers the file", async (comment) => {
    expect(await lines(ONLY, { Dockerfile: [comment, "FROM node", "FROM redis"] })).toEqual([]);
  });

  test.each([
    "# check=skip=SecretsUsedInArgOrEnv;error=true",
    "# check=error=true;skip=SecretsUsedInArgOrEnv",
    "# check=skip=all",
  ])("%s covers the file", async (comment) => {
    const files = {
      Dockerfile: ["# syntax=docker/dockerfile:1", comment, "FROM node:22.14.0", "ENV API_TOKEN=abcdefgh"],
    };

    expect(await lines(["--only", "secrets/*", "-f", "compact"], files)).toEqual([]);
    expect(await lines(["--only", "secrets/*", "-f", "compact", "--no-inline-config"], files)).toEqual([
      "Dockerfile:4:5: [secrets/no-env-secrets#env]",
    ]);
  });

  test.each([
    "# hadolint ignore=DL3008",
    "# trivy:ignore:DS-0002",
    "# checkov:skip=CKV_DOCKER_2",
    "# nosemgrep: missing-user",
    "# a word about plimsoll-ignore images/pin-tag",
  ])("%s means something else", async (comment) => {
    expect(await lines(ONLY, { Dockerfile: [comment, "FROM node"] })).toEqual([
      "Dockerfile:2:6: [images/pin-tag#no-tag]",
    ]);
  });

  test.each(["AVD-DS-0001", "DS-0001", "DS001"])("# trivy:ignore:%s covers the next instruction", async (id) => {
    const files = { Dockerfile: ["FROM node", `# trivy:ignore:${id}`, "FROM redis", "FROM nginx"] };

    expect(await lines(ONLY, files)).toEqual([
      "Dockerfile:1:6: [images/pin-tag#no-tag]",
      "Dockerfile:4:6: [images/pin-tag#no-tag]",
    ]);
  });

  test("# trivy:ignore above the first instruction covers the file", async () => {
    expect(await lines(ONLY, { Dockerfile: ["# trivy:ignore:DS-0001", "FROM node", "FROM redis"] })).toEqual([]);
  });

  test("a comment inside of an instruction covers it", async () => {
    const files = { Dockerfile: ["FROM \\", "# hadolint ignore=DL3006", "  node"] };

    expect(await lines(ONLY, files)).toEqual([]);
  });

  test("a comment in a heredoc is text", async () => {
    const files = {
      Dockerfile: ["FROM node:22.14.0", "RUN <<EOF", "# plimsoll-ignore images/pin-tag", "EOF", "FROM redis"],
    };

    expect(await lines(ONLY, files)).toEqual(["Dockerfile:5:6: [images/pin-tag#no-tag]"]);
  });
});

describe("comments silence findings of real rules in a Compose file", () => {
  test.each([
    ["    image: nginx # plimsoll-ignore images/pin-tag -- rebuilt nightly"],
    ["    image: nginx # dclint disable-line service-image-require-explicit-tag"],
    ["    image: nginx # dclint disable-line"],
    ["    # plimsoll-ignore DL3006, images/pin-tag -- rebuilt nightly", "    image: nginx"],
    ["    # dclint disable-next-line service-image-require-explicit-tag", "    image: nginx"],
    ["    # kics-scan ignore-line", "    image: nginx"],
  ])("%s", async (...image) => {
    const files = { "compose.yaml": ["services:", "  web:", ...image, "  db:", "    image: postgres"] };

    expect(await lines(ONLY, files)).toEqual([`compose.yaml:${image.length + 4}:12: [images/pin-tag#no-tag]`]);
  });

  test.each([
    ["    ports: # dclint disable-line service-ports-alphabetical-order"],
    ["    ports: # dclint disable-line"],
    ["    # dclint disable-line", "    ports:"],
  ])("%s covers the list, about which dclint reports where the key stands", async (...ports) => {
    const rest = ['      - "81:80"', "    # prose", '      - "80:80"', "  api:", "    ports:"];
    const files = { "compose.yaml": ["services:", "  web:", ...ports, ...rest, '    - "91:80"', '    - "90:80"'] };
    const only = ["--preset", "dclint", "--only", "style/sort-lists", "-f", "compact"];

    expect(await lines(only, files)).toEqual([`compose.yaml:${ports.length + 9}:7: [style/sort-lists#ports]`]);
  });

  test.each([
    "# plimsoll-ignore-file images/pin-tag -- rebuilt nightly",
    "# dclint disable",
    "# dclint disable-file",
    "# dclint disable service-image-require-explicit-tag",
  ])("%s covers the file", async (comment) => {
    expect(await lines(ONLY, { "compose.yaml": [comment, "services:", "  web: {image: nginx}"] })).toEqual([]);
  });

  test("a comment of an inline Dockerfile covers its next instruction", async () => {
    const inline = ["# hadolint ignore=DL3006", "FROM node", "FROM redis"].map((line) => `        ${line}`);
    const files = { "compose.yaml": ["services:", "  web:", "    build:", "      dockerfile_inline: |", ...inline] };

    expect(await lines(ONLY, files)).toEqual(["compose.yaml:7:14: [images/pin-tag#no-tag]"]);
  });

  test("a hash in a value is no comment", async () => {
    const files = {
      "compose.yaml": ["services:", "  web:", '    image: "nginx" ', "    command: '# plimsoll-ignore-file *'"],
    };

    expect(await lines(ONLY, files)).toEqual(["compose.yaml:3:13: [images/pin-tag#no-tag]"]);
  });
});

// A file that breaks every rule of dclint but the two about what cannot be read, with the lines at which each speaks.
const BROKEN = [
  "version: '3'",
  "volumes: {uploads: {}}",
  "services:",
  "  web:",
  "    image: acme/web",
  "    build: .",
  "    container_name: shop",
  "    ports:",
  '      - "8443:443"',
  "      - 8080:80",
  '    volumes: ["uploads:/uploads"]',
  "  api:",
  "    image: acme/api",
  "    depends_on:",
  "      - web",
  "      - db",
  "    container_name: shop",
  "    ports:",
  "      - 127.0.0.1:8080:80",
  "  db:",
  "    image: mysql:8.4.3",
  "    container_name: the db",
  "    restart: 5",
];
const LINES_OF_DCLINT: Readonly<Record<string, readonly number[]>> = {
  "invalid-schema": [23],
  "no-build-and-image": [6],
  "no-duplicate-container-names": [17],
  "no-duplicate-exported-ports": [19],
  "no-quotes-in-volumes": [11],
  "no-unbound-port-interfaces": [9, 10],
  "no-version-field": [1],
  "require-project-name-field": [1],
  "require-quotes-in-ports": [9, 10, 19],
  "service-container-name-regex": [22],
  "service-dependencies-alphabetical-order": [16],
  "service-image-require-explicit-tag": [13],
  "service-keys-order": [11, 17],
  "service-ports-alphabetical-order": [10],
  "services-alphabetical-order": [12],
  "top-level-properties-order": [3],
};

/** `id line` of every finding that bears an id of dclint, under its preset. */
async function ofDclint(text: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await runCli(["--preset", "dclint", "-f", "json"], { "compose.yaml": text });
  const files: readonly { findings: readonly { aliases: readonly string[]; line: number }[] }[] =
    JSON.parse(stdout).files;
  return files
    .flatMap(({ findings }) => findings)
    .flatMap(({ aliases, line }) => {
      const ids = aliases.filter((alias) => alias.startsWith("dclint:")).map((alias) => alias.slice("dclint:".length));
      return ids.map((id) => `${id} ${line}`);
    })
    .sort();
}

/** The same, thought: what stands below a comment is a line further down. */
function expected(isSilenced: (id: string, line: number) => boolean, below = 0): readonly string[] {
  const places = Object.entries(LINES_OF_DCLINT).flatMap(([id, list]) => list.map((line) => ({ id, line })));
  const left = places.filter(({ id, line }) => !isSilenced(id, line));
  return left.map(({ id, line }) => `${id} ${line + below}`).sort();
}

describe("comments of dclint silence each of its rules", () => {
  test("none does in a file without comments", async () => {
    expect(await ofDclint(BROKEN)).toEqual(expected(() => false));
  });

  test.each(Object.keys(LINES_OF_DCLINT))("# dclint disable %s", async (rule) => {
    expect(await ofDclint([`# dclint disable ${rule}`, ...BROKEN])).toEqual(expected((id) => id === rule, 1));
  });

  test.each([
    ["# dclint disable no-version-field require-quotes-in-ports"],
    ["# dclint disable no-version-field, require-quotes-in-ports"],
    ["# dclint disable no-version-field require-quotes-in-ports -- an old reader needs both"],
  ])("%s", async (comment) => {
    const named = ["no-version-field", "require-quotes-in-ports"];

    expect(await ofDclint([comment, ...BROKEN])).toEqual(expected((id) => named.includes(id), 1));
  });

  test.each(["# dclint disable", "# dclint disable-file"])("%s", async (comment) => {
    expect(await ofDclint([comment, ...BROKEN])).toEqual([]);
  });

  const LINES = new Map(Object.entries(LINES_OF_DCLINT).flatMap(([rule, list]) => list.map((line) => [line, rule])));
  test.each([...LINES])("# dclint disable-line at line %i, with %s and without a rule", async (line, rule) => {
    const commented = (comment: string) => BROKEN.map((text, at) => (at + 1 === line ? `${text} ${comment}` : text));

    expect(await ofDclint(commented(`# dclint disable-line ${rule}`))).toEqual(
      expected((id, place) => id === rule && place === line),
    );
    expect(await ofDclint(commented("# dclint disable-line"))).toEqual(expected((_, place) => place === line));
  });

  test.each([8, 18])("# dclint disable-line at `ports` in line %i covers its entries", async (line) => {
    const commented = BROKEN.map((text, at) => (at + 1 === line ? `${text} # dclint disable-line` : text));

    expect(await ofDclint(commented)).toEqual(expected((_, place) => place > line && place < line + 3 && place !== 20));
  });

  test("# dclint disable-next-line", async () => {
    const commented = [
      ...BROKEN.slice(0, 9),
      "      # dclint disable-next-line require-quotes-in-ports",
      ...BROKEN.slice(9),
    ];
    const before = expected((_, line) => line >= 10);
    const after = expected((id, line) => line < 10 || (line === 10 && id === "require-quotes-in-ports"), 1);

    expect(await ofDclint(commented)).toEqual([...before, ...after].sort());
  });
});

describe("what comments do is counted and judged", () => {
  const SILENCED = { Dockerfile: ["# plimsoll-ignore images/pin-tag -- rebuilt nightly", "FROM node"] };

  test("silenced findings are counted, fail nothing, and are no results of SARIF", async () => {
    const json = await runCli(["--only", "images/pin-tag", "-f", "json"], SILENCED);
    const sarif = await runCli(["--only", "images/pin-tag", "-f", "sarif"], SILENCED);

    expect(json.exitCode).toBe(0);
    expect(JSON.parse(json.stdout).summary).toMatchObject({ suppressed: 1, findings: { warning: 0 } });
    expect(JSON.parse(sarif.stdout).runs[0].results).toEqual([]);
  });

  test("--no-inline-config takes no comment", async () => {
    expect(await lines([...ONLY, "--no-inline-config"], SILENCED)).toEqual(["Dockerfile:2:6: [images/pin-tag#no-tag]"]);
  });

  test("--require-reason reports comments that give none", async () => {
    const files = {
      Dockerfile: ["# plimsoll-ignore DL3006", "FROM node", "# hadolint ignore=DL3006 # nightly", "FROM redis"],
    };

    expect(await lines([...ONLY, "--require-reason"], files)).toEqual([
      "Dockerfile:1:1: [style/no-inline-suppression#no-reason]",
    ]);
    expect(await lines([...ONLY, "--require-reason"], SILENCED)).toEqual([]);
  });

  test("the policy has comments that silence nothing reported", async () => {
    const files = {
      "plimsoll.yaml": ["reportUnusedSuppressions: true"],
      Dockerfile: ["# plimsoll-ignore layers/*, images/pin-tag -- why", "FROM node"],
    };

    expect(await lines(["--preset", "hadolint", "-f", "compact"], files)).toEqual([
      "Dockerfile:1:19: [style/no-inline-suppression#unused]",
    ]);
  });

  test.each([
    ["# plimsoll-ignore", "Dockerfile:1:1: [style/no-inline-suppression#malformed]"],
    ["# plimsoll-ignore images/pin-tags", "Dockerfile:1:19: [style/no-inline-suppression#malformed]"],
  ])("%s is reported, and silences nothing", async (comment, finding) => {
    const args = ["-f", "compact", "--skip", "labels/*,user/*,health/*,stages/*,images/prefer-minimal-base"];
    const found = await lines(args, { Dockerfile: [comment, "FROM node"] });

    expect(found).toEqual([finding, "Dockerfile:2:6: [images/pin-tag#no-tag]"]);
  });
});
