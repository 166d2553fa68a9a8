import type { Level, Threshold } from "../../data/levels.js";
import type { RuleIndex } from "../rule-index.js";
import { AdoptedPolicy } from "./adopted.js";
import type { ForeignValue } from "./foreign.js";

const SEVERITIES: ReadonlyMap<unknown, Level> = new Map<unknown, Level>([
  ["error", "error"],
  ["warning", "warning"],
  ["info", "info"],
  ["style", "info"],
  ["ignore", "off"],
]);

const THRESHOLDS: ReadonlyMap<unknown, Threshold> = new Map<unknown, Threshold>([
  ["error", "error"],
  ["warning", "warning"],
  ["info", "info"],
  ["style", "info"],
  ["ignore", "info"],
  ["none", "never"],
]);

const LABEL_TYPES: ReadonlyMap<unknown, string> = new Map([
  ["text", "text"],
  ["rawtext", "text"],
  ["url", "url"],
  ["email", "email"],
  ["semver", "semver"],
  ["rfc3339", "timestamp"],
  ["spdx", "spdx"],
  ["hash", "revision"],
]);

const FORMATS: ReadonlyMap<unknown, string> = new Map([
  ["tty", "text"],
  ["json", "json"],
  ["checkstyle", "checkstyle"],
  ["sarif", "sarif"],
  ["gnu", "compact"],
  ["codeclimate", "gitlab"],
  ["gitlab_codeclimate", "gitlab"],
]);

/**
 * What a `.hadolint.yaml` says, as a policy.
 *
 * @see https://github.com/hadolint/hadolint#configure
 */
export function adoptHadolint(config: ForeignValue, index: RuleIndex): AdoptedPolicy {
  const policy = new AdoptedPolicy(index, "hadolint", ["hadolint"]);
  const entries = new Map(config.entries);
  policy.failOn = threshold(entries);
  for (const [name, value] of entries) adoptKey(policy, name, value, entries);
  return policy;
}

/** hadolint fails from `info` on unless it is told otherwise. */
function threshold(entries: ReadonlyMap<string, ForeignValue>): Threshold {
  if (entries.get("no-fail")?.isTrue === true) return "never";
  return THRESHOLDS.get(entries.get("failure-threshold")?.value) ?? "info";
}

function adoptKey(
  policy: AdoptedPolicy,
  name: string,
  value: ForeignValue,
  entries: ReadonlyMap<string, ForeignValue>,
): void {
  switch (name) {
    case "ignored":
      for (const { text, range } of value.words) policy.level(text, "off", range);
      return;
    case "override":
      adoptOverride(policy, value, new Set(entries.get("ignored")?.words.map(({ text }) => text)));
      return;
    case "no-fail":
      return;
    case "failure-threshold":
      if (!THRESHOLDS.has(value.value)) policy.leave(value.range, "no such `failure-threshold`; `failOn` is info");
      return;
    case "trustedRegistries":
      policy.set(
        ["images", "allow"],
        value.words.map(({ text }) => imagesOf(text)),
      );
      return;
    case "label-schema":
      adoptLabels(policy, value, entries.get("strict-labels")?.isTrue === true);
      return;
    case "strict-labels":
      if (value.isTrue && !entries.has("label-schema"))
        policy.leave(value.range, "`strict-labels` needs a `label-schema`");
      return;
    case "disable-ignore-pragma":
      if (value.isTrue) policy.set(["inlineConfig"], false);
      return;
    case "format":
      policy.leave(value.range, formatNote(value.value));
      return;
    case "no-color":
    case "verbose":
      if (value.isTrue) policy.leave(value.range, `\`${name}\` is a flag here: \`--${name}\``);
      return;
    default:
      policy.leave(value.range, `\`${name}\` has no counterpart`);
  }
}

/** What is ignored stays so, whatever else is said of it. */
function adoptOverride(policy: AdoptedPolicy, override: ForeignValue, ignored: ReadonlySet<string>): void {
  for (const [severity, ids] of override.entries) {
    const level = SEVERITIES.get(severity);
    if (level === undefined) {
      policy.leave(ids.range, `no severity \`${severity}\``);
      continue;
    }
    for (const { text, range } of ids.words) if (!ignored.has(text)) policy.level(text, level, range);
  }
}

/** hadolint names registries, with a `*` at an end; policies name images. */
function imagesOf(registry: string): string {
  return registry === "*" ? "**" : `${registry}/**`;
}

function adoptLabels(policy: AdoptedPolicy, schema: ForeignValue, isStrict: boolean): void {
  const types: Record<string, string> = {};
  for (const [label, type] of schema.entries) {
    const known = LABEL_TYPES.get(type.value);
    if (known === undefined) policy.leave(type.range, `no format \`${String(type.value)}\` for the label \`${label}\``);
    else if (!label.includes(".")) {
      policy.leave(type.range, `\`${label}\` without a dot would mean \`org.opencontainers.image.${label}\``);
    } else types[label] = known;
  }
  const labels = Object.keys(types);
  if (labels.length === 0) return;
  policy.set(["labels", "required"], labels);
  policy.set(["labels", "types"], types);
  if (isStrict) policy.set(["labels", "allowed"], labels);
}

function formatNote(format: unknown): string {
  const known = FORMATS.get(format);
  const name = String(format);
  return known === undefined ? `there is no format \`${name}\`` : `\`format\` is a flag here: \`--format ${known}\``;
}
