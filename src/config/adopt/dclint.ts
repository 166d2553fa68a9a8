import type { Level } from "../../data/levels.js";
import type { RuleIndex } from "../rule-index.js";
import { AdoptedPolicy } from "./adopted.js";
import type { ForeignValue } from "./foreign.js";

const LEVELS: ReadonlyMap<unknown, Level> = new Map<unknown, Level>([
  [0, "off"],
  [1, "warning"],
  [2, "error"],
]);

/** Sections that dclint calls by a name of its own. */
const EXTENSIONS = "x-properties";

const TAGS_RULE = "service-image-require-explicit-tag";

/**
 * What a `.dclintrc` says, as a policy. dclint fails on errors only.
 *
 * @see https://github.com/zavoloklom/docker-compose-linter#configuration
 */
export function adoptDclint(config: ForeignValue, index: RuleIndex): AdoptedPolicy {
  const policy = new AdoptedPolicy(index, "dclint", ["dclint"]);
  policy.failOn = "error";
  for (const [name, value] of config.entries) {
    if (name === "rules") for (const [rule, setting] of value.entries) adoptRule(policy, rule, setting);
    else if (name === "exclude")
      policy.set(
        ["ignore"],
        value.words.map(({ text }) => text),
      );
    else if (name === "quiet" || name === "fix") {
      if (value.isTrue) policy.leave(value.range, `\`${name}\` is a flag here: \`--${name}\``);
    } else if (name !== "debug" || value.isTrue) policy.leave(value.range, `\`${name}\` has no counterpart`);
  }
  return policy;
}

function adoptRule(policy: AdoptedPolicy, rule: string, setting: ForeignValue): void {
  const [first, ...rest] = setting.items;
  const level = LEVELS.get(first?.value);
  if (level === undefined) policy.leave(setting.range, `no level of dclint: 0, 1 and 2 are`);
  else policy.level(rule, level, setting.range);
  for (const [name, value] of rest.flatMap(({ entries }) => entries)) {
    if (rule === TAGS_RULE && name === "prohibitedTags") {
      policy.set(
        ["images", "prohibitedTags"],
        value.words.map(({ text }) => text),
      );
    } else if (!adoptOption(policy, rule, name, value))
      policy.leave(value.range, `option \`${name}\` of \`${rule}\` is not taken over`);
  }
}

/** Takes over an option that a rule of ours has too; false for others. */
function adoptOption(policy: AdoptedPolicy, rule: string, name: string, { value, words }: ForeignValue): boolean {
  switch (`${rule} ${name}`) {
    case "no-build-and-image checkPullPolicy":
      if (typeof value !== "boolean") return false;
      policy.option("compose/choose-image-or-build", "checkPullPolicy", value);
      return true;
    case "require-quotes-in-ports quoteType":
      if (value !== "single" && value !== "double") return false;
      policy.option("style/quote-ports", "quotes", value);
      return true;
    case "top-level-properties-order customOrder":
      policy.option(
        "style/order-top-level",
        "order",
        words.map(({ text }) => (text === EXTENSIONS ? "x-*" : text)),
      );
      return true;
    default:
      return false;
  }
}
