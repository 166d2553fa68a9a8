import type { Severity } from "../../src/data/levels.js";
import { CHECKLIST_FAMILIES, type Checklist, type RatedFinding, type RunResult } from "../../src/engine/run-result.js";
import { PLAIN, type ReportContext } from "../../src/report/report-context.js";
import { Source } from "../../src/text/source.js";

const PRODUCTION = { name: "production", stated: false } as const;

/** A checklist in which every line is held but those given. */
export function checklistOf(changes: Partial<Checklist> = {}): Checklist {
  return {
    stages: "held",
    user: "held",
    images: "held",
    health: "held",
    secrets: "held",
    layers: "held",
    labels: "held",
    context: "held",
    ...changes,
  };
}

/** A result of the given findings, which are in their order already. */
export function resultOf(sources: readonly Source[], findings: readonly RatedFinding[]): RunResult {
  const broken = CHECKLIST_FAMILIES.filter((family) =>
    findings.some((finding) => finding.family === family && finding.severity !== "info"),
  );
  const lines = checklistOf(Object.fromEntries(broken.map((family) => [family, "broken"] as const)));
  return {
    files: sources.map((source) => ({
      path: source.path,
      kind: source.path.endsWith(".yaml") ? "compose" : "dockerfile",
      role: PRODUCTION,
      source,
    })),
    findings,
    suppressed: [],
    diagnostics: [],
    checklist: { summary: lines, builds: sources.length === 0 ? [] : [{ label: "api (compose.yaml)", lines }] },
    failing: findings.length,
    unparsed: [],
  };
}

/** A finding about the first occurrence of `marked` in the source. */
export function findingAt(
  source: Source,
  marked: string,
  details: Partial<RatedFinding> & { readonly rule: string; readonly severity: Severity; readonly message: string },
): RatedFinding {
  const start = source.text.indexOf(marked);
  if (start === -1) throw new Error(`no \`${marked}\` in the sample`);
  return {
    kind: undefined,
    family: details.rule.slice(0, details.rule.indexOf("/")),
    aliases: [],
    confidence: "high",
    range: source.range(start, start + marked.length),
    related: [],
    fix: undefined,
    role: PRODUCTION,
    builds: [],
    fingerprint: "0123456789abcdef",
    masked: [],
    ...details,
  };
}

/** What the reports of tests know beside the result: no colours, no prose. */
export const CONTEXT: ReportContext = {
  version: "1.2.3",
  homepage: "https://example.org/plimsoll",
  palette: PLAIN,
  fromRepositoryRoot: (path) => path,
  display: (file) => file,
  entry: () => undefined,
};

/** Nothing found in one file. */
export const CLEAN = resultOf([new Source("Dockerfile", "FROM scratch\n")], []);

const API = new Source("api/Dockerfile", 'FROM node\nRUN npm ci\nENV TOKEN="hunter2"\nMAINTAINER me\n');
const COMPOSE = new Source("compose.yaml", "services:\n  api:\n    build: api\n  db:\n    image: postgres\n");

/** One finding of each severity, a fix of each safety, a related place, a masked value, and an absence of two services. */
export const MIXED = resultOf(
  [API, COMPOSE],
  [
    findingAt(API, "node", {
      rule: "images/pin-tag",
      kind: "no-tag",
      severity: "warning",
      message: "`node` means `node:latest`; name the version you tested",
      aliases: ["hadolint:DL3006"],
      related: [{ range: COMPOSE.range(28, 31), message: "built by `api`" }],
      builds: ["api (compose.yaml)"],
    }),
    findingAt(API, "TOKEN", {
      rule: "secrets/no-env-secrets",
      severity: "error",
      message: "`TOKEN` is baked into the image; use `RUN --mount=type=secret`",
      masked: [API.range(API.text.indexOf("hunter2"), API.text.indexOf("hunter2") + 7)],
    }),
    findingAt(API, "MAINTAINER me", {
      rule: "syntax/no-maintainer",
      severity: "info",
      message: "`MAINTAINER` is deprecated; use a label",
      fix: {
        description: "use `LABEL`",
        safety: "safe",
        edits: [
          { range: API.range(API.text.indexOf("MAINTAINER"), API.text.length - 1), text: 'LABEL maintainer="me"' },
        ],
      },
    }),
    findingAt(COMPOSE, "api", { rule: "runtime/limit-memory", severity: "info", message: "no memory limit" }),
    findingAt(COMPOSE, "db", { rule: "runtime/limit-memory", severity: "info", message: "no memory limit" }),
  ],
);

const HOSTILE_SOURCE = new Source("a b%/Dockerfile", "FROM node\nRUN\techo '\u001b[31m]]> 😀 漢字 é' && true\n");

/** Text that would break an output that does not escape it. */
export const HOSTILE = resultOf(
  [HOSTILE_SOURCE],
  [
    findingAt(HOSTILE_SOURCE, "true", {
      rule: "shell/no-true",
      severity: "warning",
      message: "`100% ]]> \u001b[31m\n::error::😀 [x](y)` is odd",
    }),
  ],
);
