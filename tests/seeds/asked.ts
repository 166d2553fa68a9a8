import { rules } from "../../rules/index.js";
import type { Preset } from "../../src/engine/level.js";
import type { RatedFinding } from "../../src/engine/run-result.js";
import { lint, treeOf } from "../engine/lint-tree.js";

/** Files of a small project: lines by path. */
export type Project = Readonly<Record<string, readonly string[]>>;

/**
 * What is asked of a project under a preset: each `rule#kind` once, sorted; what is only a hint ends in ` (info)`.
 *
 * Hints of the families that are no line of the checklist are left out: the documents show packages of the system without
 * versions and with what they recommend, installers that are piped to a shell, Python without its settings, ports on every
 * interface and limits without reservations, and a hint does not contradict them. Tests of their own ask for those with
 * `hinted`.
 */
export async function asked(project: Project, preset: Preset = "checklist"): Promise<readonly string[]> {
  const findings = await found(project, preset);
  return named(findings.filter((finding) => !isHintBeside(finding)));
}

/** The hints that `asked` leaves out, each `rule#kind` once, sorted. */
export async function hinted(project: Project, preset: Preset = "checklist"): Promise<readonly string[]> {
  const findings = await found(project, preset);
  return named(findings.filter(isHintBeside));
}

function isHintBeside({ rule, severity }: RatedFinding): boolean {
  return severity === "info" && /^(?:packages|shell|syntax|runtime|network|compose|style)\//.test(rule);
}

function named(findings: readonly RatedFinding[]): readonly string[] {
  const names = findings.map(({ rule, kind, severity }) => {
    const id = kind === undefined ? rule : `${rule}#${kind}`;
    return severity === "info" ? `${id} (info)` : id;
  });
  return [...new Set(names)].sort();
}

async function found(project: Project, preset: Preset): Promise<readonly RatedFinding[]> {
  const tree = Object.entries(project).map(([path, lines]) => [path, `${lines.join("\n")}\n`] as const);
  const { findings, diagnostics } = await lint(treeOf(Object.fromEntries(tree)), rules, {
    flags: { presets: [preset] },
  });
  const broken = diagnostics.filter(({ kind }) => kind === "internal" || kind === "config");
  if (broken.length > 0) throw new Error(broken.map(({ message }) => message).join("\n"));
  return findings;
}

/** The end of a Dockerfile that says what the image is; the build fills in what only it knows. */
export const LABELS = [
  "ARG GIT_SHA",
  "ARG BUILT_AT",
  "ARG APP_VERSION",
  'LABEL org.opencontainers.image.source="https://github.com/northport/tidewatch" \\',
  '      org.opencontainers.image.revision="$GIT_SHA" \\',
  '      org.opencontainers.image.created="$BUILT_AT" \\',
  '      org.opencontainers.image.version="$APP_VERSION"',
] as const;

/**
 * What a service that says nothing of its run is asked for, sorted. Three of the documents demand limits, a read-only root
 * and dropped capabilities, one of them rotated logs and no new privileges as well; none calls a service without them right.
 */
export const UNSAID = [
  "runtime/drop-capabilities",
  "runtime/limit-cpu",
  "runtime/limit-logs#unbounded",
  "runtime/limit-memory#missing",
  "runtime/set-no-new-privileges#missing",
  "runtime/set-read-only",
  "runtime/set-restart#missing",
] as const;

/** Keys of a service that say all of that, for tests about something else. */
export const SAID = [
  "    read_only: true",
  "    cap_drop: [ALL]",
  '    security_opt: ["no-new-privileges:true"]',
  "    mem_limit: 512m",
  "    mem_reservation: 128m",
  "    cpus: 1.0",
  "    logging:",
  "      driver: local",
  "    restart: unless-stopped",
] as const;

/** A line of HEALTHCHECK that says all its times, for images with Python. */
export const PYTHON_PROBE = [
  "HEALTHCHECK --interval=30s --timeout=3s --start-period=5s --retries=3 \\",
  '  CMD ["python", "-m", "tidewatch.probe"]',
] as const;

/** An ignore file for Python projects that holds at every depth. */
export const PYTHON_IGNORE = [
  ".git",
  "**/__pycache__",
  "**/*.py[cod]",
  "**/.venv",
  "**/venv",
  "**/.env",
  "**/.env.*",
] as const;
