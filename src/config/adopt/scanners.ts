import type { Source } from "../../text/source.js";
import type { RuleIndex } from "../rule-index.js";
import { AdoptedPolicy } from "./adopted.js";
import type { ForeignValue } from "./foreign.js";

/**
 * What a `.trivyignore` says, as a policy: an id a line, comments, `exp:` with a date.
 *
 * @see https://trivy.dev/latest/docs/configuration/filtering/
 */
export function adoptTrivyIgnore(source: Source, index: RuleIndex): AdoptedPolicy {
  const policy = new AdoptedPolicy(index, "trivy", ["recommended"]);
  for (let line = 1; line <= source.lineCount; line += 1) {
    const span = source.lineSpan(line);
    if (span === undefined) continue;
    const [id, ...rest] = (source.slice(span).split("#", 1)[0] ?? "").trim().split(/[ \t]+/);
    if (id === undefined || id === "") continue;
    const range = source.range(span.start, span.end);
    ignoreCheck(policy, id, range);
    if (rest.length > 0) policy.leave(range, `\`${rest.join(" ")}\` is not taken over: levels have no end`);
  }
  return policy;
}

/** What a `.trivyignore.yaml` says of misconfigurations, as a policy. */
export function adoptTrivyYaml(config: ForeignValue, index: RuleIndex): AdoptedPolicy {
  const policy = new AdoptedPolicy(index, "trivy", ["recommended"]);
  for (const [section, list] of config.entries) {
    if (section !== "misconfigurations") {
      policy.leave(list.range, `\`${section}\` are found by other means than these rules`);
      continue;
    }
    for (const item of list.items) {
      const fields = new Map(item.entries);
      const id = fields.get("id");
      if (typeof id?.value === "string") ignoreCheck(policy, id.value, id.range);
      for (const [name, value] of fields) {
        if (name !== "id" && name !== "statement") policy.leave(value.range, `\`${name}\` is not taken over`);
      }
    }
  }
  return policy;
}

/** Ids of vulnerabilities and of other platforms are no mistake: they are just not for us. */
function ignoreCheck(policy: AdoptedPolicy, id: string, range: Parameters<AdoptedPolicy["leave"]>[0]): void {
  if (/^(?:AVD-)?DS-?\d+$/i.test(id)) policy.level(id, "off", range);
  else policy.leave(range, `\`${id}\` is no check of Dockerfiles`);
}

/**
 * What a `.checkov.yaml` says, as a policy.
 *
 * @see https://www.checkov.io/2.Basics/CLI%20Command%20Reference.html
 */
export function adoptCheckov(config: ForeignValue, index: RuleIndex): AdoptedPolicy {
  const policy = new AdoptedPolicy(index, "checkov", ["recommended"]);
  for (const [name, value] of config.entries) {
    if (name === "skip-check") {
      for (const { text, range } of value.words) {
        for (const id of text.split(",")) skipCheck(policy, id.trim(), range);
      }
    } else if (name === "soft-fail") {
      if (value.isTrue) policy.failOn = "never";
    } else policy.leave(value.range, `\`${name}\` is not taken over`);
  }
  return policy;
}

function skipCheck(policy: AdoptedPolicy, id: string, range: Parameters<AdoptedPolicy["leave"]>[0]): void {
  if (/^CKV2?_(?:DOCKER|SECRET)_\d+$/i.test(id)) policy.level(id, "off", range);
  else policy.leave(range, `\`${id}\` is no check of Dockerfiles`);
}

/**
 * What a configuration file of KICS says, as a policy.
 *
 * @see https://docs.kics.io/latest/configuration-file/
 */
export function adoptKics(config: ForeignValue, index: RuleIndex): AdoptedPolicy {
  const policy = new AdoptedPolicy(index, "kics", ["recommended"]);
  for (const [name, value] of config.entries) {
    if (name === "exclude-queries") {
      for (const { text, range } of value.words) {
        for (const id of text.split(",")) policy.level(id.trim(), "off", range);
      }
    } else if (name === "exclude-paths") {
      policy.set(
        ["ignore"],
        value.words.flatMap(({ text }) => text.split(",").map((path) => path.trim())),
      );
    } else policy.leave(value.range, `\`${name}\` is not taken over`);
  }
  return policy;
}
