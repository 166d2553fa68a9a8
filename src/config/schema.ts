import { OS_FAMILIES } from "../data/base-image-model.js";
import { CONFIDENCES, LEVELS, PRESETS, SEVERITIES, THRESHOLDS } from "../data/levels.js";
import { ROLE_NAMES } from "./role-names.js";
import type { RuleFacts } from "./rule-index.js";
import { SHORTHANDS } from "./shorthands.js";

/** A JSON Schema (draft 7) or a part of one, as plain data. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** How ajv has to be made to compile {@link policySchema}: `new Ajv(POLICY_AJV_OPTIONS)`. */
export const POLICY_AJV_OPTIONS = { allErrors: true, allowUnionTypes: true, strict: true } as const;

/** Words that a rule may not use as names of options: they have a meaning beside them. */
export const RESERVED_OPTION_NAMES: readonly string[] = ["level", "kinds"];

const ref = (name: string): JsonSchema => ({ $ref: `#/$defs/${name}` });
const text = (description: string): JsonSchema => ({ type: "string", description });
const texts = (description: string): JsonSchema => ({ type: "array", items: { type: "string" }, description });
const words = (list: readonly string[], description: string): JsonSchema => ({ enum: list, description });
const flag = (description: string): JsonSchema => ({ type: "boolean", description });
const textOrTexts = (description: string): JsonSchema => ({
  type: ["string", "array"],
  items: { type: "string" },
  description,
});
const oneOrMore = (name: string, description: string): JsonSchema => ({
  description,
  if: { type: "array" },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: { type: "array", items: ref(name) },
  else: ref(name),
});
const table = (properties: JsonSchema, description: string): JsonSchema => ({
  type: "object",
  description,
  properties,
  additionalProperties: false,
});
const mapOf = (values: JsonSchema, description: string): JsonSchema => ({
  type: "object",
  description,
  additionalProperties: values,
});

/**
 * The JSON Schema of policy files, strict: every key, rule, kind, option and word that is not known is an error.
 * Names below `rules` that are not rule ids (aliases, `rule#kind`, patterns) are only recognised by their form;
 * `validatePolicy` looks them up.
 */
export function policySchema(rules: readonly RuleFacts[]): JsonSchema {
  const shared = sharedKeys();
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Plimsoll policy",
    description: "Levels and options of rules for Dockerfiles, Compose files and build contexts.",
    type: "object",
    properties: { ...topLevelKeys(), ...shared },
    additionalProperties: false,
    $defs: {
      level: words(LEVELS, "How bad a finding is; `off` does not run the rule."),
      preset: words(PRESETS, "A built-in set of levels and options."),
      role: words(ROLE_NAMES, "What a file is for."),
      rules: rulesSchema(rules),
      override: table(
        {
          files: textOrTexts("Globs relative to the policy file; absent means every file."),
          roles: oneOrMore("role", "Roles in which this applies; absent means every role."),
          ...shared,
        },
        "Keys that apply to some files only. Both conditions have to fit.",
      ),
    },
  };
}

function topLevelKeys(): JsonSchema {
  return {
    $schema: text("Address of this schema, for editors."),
    extends: textOrTexts(
      "Policy files (`./base.yaml`) or npm packages that hold one; later ones win, this file over all.",
    ),
    roles: mapOf(ref("role"), "Role by glob; the last one that fits decides."),
    overrides: { type: "array", items: ref("override"), description: "Exceptions for some files; later ones win." },
    ignore: texts("Files that are not linted, written as in .gitignore."),
    baseImages: mapOf(baseImageSchema(), "What is known of base images, by glob over their names."),
    compose: composeSchema(),
  };
}

function sharedKeys(): JsonSchema {
  return {
    presets: oneOrMore("preset", "Built-in sets that are on; the strictest level of them counts."),
    rules: ref("rules"),
    failOn: words(THRESHOLDS, "Mildest severity that fails a run."),
    minConfidence: words(CONFIDENCES, "Findings that are less sure are not shown."),
    images: shorthandSchema("images", "Images that may be used, and how they are pinned."),
    user: shorthandSchema("user", "The user that containers run as."),
    labels: shorthandSchema("labels", "Labels that images have."),
    targets: texts("Stages that ship, besides those that Compose builds."),
    buildArgs: mapOf({ type: ["string", "number", "boolean"] }, "Values of build arguments."),
    reportUnusedSuppressions: severityOrBoolean(
      "Whether comments that silence nothing are findings; `true` is warning.",
    ),
    requireReason: severityOrBoolean("Whether comments that silence need a reason; `true` is warning."),
    inlineConfig: flag("Whether comments in files may silence findings."),
  };
}

function severityOrBoolean(description: string): JsonSchema {
  return { enum: [true, false, ...SEVERITIES], description };
}

function shorthandSchema(section: string, description: string): JsonSchema {
  const keys = SHORTHANDS.filter((shorthand) => shorthand.section === section);
  return table(Object.fromEntries(keys.map(({ key, schema }) => [key, schema])), description);
}

function baseImageSchema(): JsonSchema {
  return table(
    {
      user: { type: ["string", "integer"], description: "Default user: a number, a name, or `name:uid`." },
      commands: texts("Programs that the image has."),
      missingCommands: texts("Programs that the image lacks."),
      healthcheck: flag("Whether the image brings a HEALTHCHECK."),
      shell: flag("Whether the image has a shell."),
      env: texts("Names of all variables that the image sets."),
      os: words(OS_FAMILIES, "Operating system; `scratch-like` for static images without one."),
      workdir: text("Working directory."),
      dropsPrivileges: flag("Whether the entrypoint gives root up by itself."),
      endOfLife: {
        type: "string",
        pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
        description: "The day after which there are no fixes, as `2027-06-30`.",
      },
    },
    "Facts that are added to, or replace, what is known of the image.",
  );
}

function composeSchema(): JsonSchema {
  const variant = {
    ...table(
      {
        files: texts("Files that are merged, in order."),
        role: ref("role"),
        profiles: texts("Active profiles."),
        envFile: text("Env file for variables of the Compose files."),
      },
      "Files that are merged for one purpose.",
    ),
    required: ["files"],
  };
  return table(
    {
      files: texts("Files that are Compose files, whatever their names."),
      variants: { type: "array", items: variant, description: "Sets of files that are used together." },
      env: texts("Variables that the caller's environment sets."),
      envValues: words(["tracked", "always", "never"], "Which `.env` files may be read: tracked by git, all, none."),
      loose: flag("Unknown keys are notes: the files are for a newer Compose."),
      profiles: texts("Active profiles."),
    },
    "How Compose files are read.",
  );
}

function rulesSchema(rules: readonly RuleFacts[]): JsonSchema {
  return {
    type: "object",
    description: "Level of a rule, or level and options. Kinds, aliases and patterns take a level only.",
    properties: Object.fromEntries(rules.map((rule) => [rule.id, ruleSchema(rule)])),
    // Names with `#`, `*`, a tool, or without a family: ids have none of these.
    patternProperties: { "[#*:]|^[^/]*$": ref("level") },
    additionalProperties: false,
  };
}

function ruleSchema({ summary, kinds = {}, options = {} }: RuleFacts): JsonSchema {
  const kindNames = Object.keys(kinds);
  const kindSchemas = Object.fromEntries(kindNames.map((kind) => [kind, ref("level")]));
  const optionSchemas = Object.entries(options).map(([name, { schema }]) => [name, schema]);
  const properties = {
    level: ref("level"),
    ...(kindNames.length === 0 ? {} : { kinds: table(kindSchemas, "Levels of single kinds.") }),
    ...Object.fromEntries(optionSchemas),
  };
  return {
    ...(summary === undefined ? {} : { description: summary }),
    if: { type: "object" },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { type: "object", properties, additionalProperties: false },
    else: ref("level"),
  };
}
