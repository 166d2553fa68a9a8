import type { MappingNode, Node } from "./node-model.js";
import type { YamlFile, YamlMapping } from "./yaml-model.js";

/**
 * Names that Compose looks for in a folder, in its order; the first found is the base.
 *
 * @see https://github.com/compose-spec/compose-go/blob/v2.4.0/cli/options.go (DefaultFileNames)
 */
export const BASE_NAMES = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"] as const;

/**
 * Names of the override that Compose loads by itself, in its order; only the first found is loaded, with any base.
 *
 * @see https://github.com/compose-spec/compose-go/blob/v2.4.0/cli/options.go (DefaultOverrideFileNames)
 */
export const OVERRIDE_NAMES = [
  "compose.override.yml",
  "compose.override.yaml",
  "docker-compose.override.yml",
  "docker-compose.override.yaml",
] as const;

/** Top-level keys of a Compose file; `x-…` beside them. */
export const TOP_LEVEL_KEYS: ReadonlySet<string> = new Set(
  "version name include services networks volumes secrets configs models".split(" "),
);

const CANONICAL: ReadonlySet<string> = new Set<string>([...BASE_NAMES, ...OVERRIDE_NAMES]);
const MAY_BE_COMPOSE = /\.[yY][aA]?[mM][lL]/;
const PREFIX_NAME = /^(?:docker-)?compose(?:[._-].+)?\.ya?ml$/i;
const SUFFIX_NAME = /^.+[._-](?:docker-)?compose\.ya?ml$/i;
const STACK_NAME = /^docker-stack.*\.ya?ml$/i;
const TEMPLATE_NAME = /\.(?:j2|jinja2?|tmpl|tpl|erb|mustache|template)(?:\.ya?ml)?$/i;

/** Whether a file name (without folders) is one that Compose loads by itself. */
export function isCanonicalComposeName(name: string): boolean {
  return CANONICAL.has(name);
}

/**
 * Whether a file name (without folders) is one of a Compose file, canonical or by pattern. By pattern alone the text
 * must agree: see {@link whyNotCompose}.
 */
export function isComposeName(name: string): boolean {
  // Spares nearly every name four expressions.
  if (!MAY_BE_COMPOSE.test(name) || TEMPLATE_NAME.test(name)) return false;
  return PREFIX_NAME.test(name) || SUFFIX_NAME.test(name) || STACK_NAME.test(name);
}

/** Why a file that is named like a Compose file is not taken for one. */
export type NotCompose = "template" | "kubernetes" | "workflow" | "ansible" | "openapi" | "no-compose-keys";

/**
 * Why a file found by its name is left alone; undefined when it is a Compose file. Canonical names are always taken,
 * unless the text is a template of another tool.
 *
 * @param name file name without folders
 */
export function whyNotCompose(name: string, text: string, yaml: YamlFile): NotCompose | undefined {
  if (isTemplate(text)) return "template";
  // A file that cannot be read is for `compose/use-valid-yaml` to report, not to be passed over.
  if (isCanonicalComposeName(name) || yaml.isBeyondLimits) return undefined;
  const root = yaml.documents[0];
  if (root === undefined) return yaml.problems.some(({ kind }) => kind === "root") ? "no-compose-keys" : undefined;
  if (root.kind === "sequence" && looksLikePlaybook(root.items)) return "ansible";
  if (root.kind !== "mapping") return "no-compose-keys";
  return judgeKeys(root);
}

function judgeKeys(root: YamlMapping): NotCompose | undefined {
  const keys = new Set(root.entries.map(({ key }) => key.text));
  if (keys.has("apiVersion") && keys.has("kind")) return "kubernetes";
  if (keys.has("on") && keys.has("jobs")) return "workflow";
  if (keys.has("openapi") || keys.has("swagger")) return "openapi";
  if (keys.has("services") || keys.has("include")) return undefined;
  const isPatch = keys.size > 0 && [...keys].every((key) => TOP_LEVEL_KEYS.has(key) || key.startsWith("x-"));
  if (isPatch) return undefined;
  return root.entries.some(({ value }) => isFormatOneService(value)) ? undefined : "no-compose-keys";
}

/** A file of the first format has its services at the top. */
function isFormatOneService(value: YamlFile["documents"][number]): boolean {
  return value.kind === "mapping" && value.entries.some(({ key }) => key.text === "image" || key.text === "build");
}

function looksLikePlaybook(items: YamlFile["documents"]): boolean {
  return items.some((item) => item.kind === "mapping" && item.entries.some(({ key }) => PLAYBOOK_KEYS.has(key.text)));
}

const PLAYBOOK_KEYS: ReadonlySet<string> = new Set(["hosts", "tasks", "roles", "import_playbook"]);

const BLOCK_HEADER = /(?:^|[\s:-])[|>][-+0-9]*[ \t]*(?:#.*)?$/;

/**
 * Whether a text is a template of another tool: `{%` anywhere, or `{{` where a value or line begins, outside quotes,
 * comments and block scalars. `{{.Node.ID}}` inside a plain value is Swarm's own and no sign.
 */
export function isTemplate(text: string): boolean {
  if (!text.includes("{{") && !text.includes("{%")) return false;
  let blockIndent = -1;
  for (const line of text.split(/\r\n|\n|\r/)) {
    const indent = line.length - line.trimStart().length;
    if (blockIndent >= 0 && (indent > blockIndent || line.trim() === "")) continue;
    blockIndent = -1;
    const bare = withoutQuotesAndComment(line);
    if (bare.includes("{%") || /(?:^\s*|[:=-]\s+)\{\{(?!\s*\.)/.test(bare) || /^\s*\{\{/.test(bare)) return true;
    if (BLOCK_HEADER.test(bare)) blockIndent = indent;
  }
  return false;
}

/** The line with quoted stretches blanked and its comment dropped. */
function withoutQuotesAndComment(line: string): string {
  let bare = "";
  let quote = "";
  for (let index = 0; index < line.length; index += 1) {
    const character = line[index] ?? "";
    if (quote !== "") {
      if (character === "\\" && quote === '"') index += 1;
      else if (character === quote) quote = "";
      continue;
    }
    if (character === '"' || character === "'") quote = character;
    else if (character === "#" && /^$|\s$/.test(bare.slice(-1))) return bare;
    else bare += character;
  }
  return bare;
}

/** Words of a file stem for pairing bases with patches: `docker-compose.rounds.dev.yml` has `docker-compose`, `rounds`, `dev`. */
export function stemOf(name: string): readonly string[] {
  const bare = name.replace(/\.ya?ml$/i, "");
  const prefix = /^docker-compose(?=$|[._-])/i.exec(bare)?.[0];
  const rest = prefix === undefined ? bare : bare.slice(prefix.length);
  const words = rest.split(/[._-]+/).filter((word) => word !== "");
  return prefix === undefined ? words : [prefix.toLowerCase(), ...words];
}

/**
 * Whether a file shows that it only patches another one: a service that cannot run by itself, a merge tag, a name
 * that only the base defines, or services of the base without the ports and volumes that the base gives them.
 *
 * @param patch top level of the file in question
 * @param base top level of the file that it may patch
 * @param hasMergeTags the file uses `!reset` or `!override`
 */
export function showsPatchSign(patch: Node, base: Node, hasMergeTags: boolean): boolean {
  if (hasMergeTags) return true;
  if (patch.kind !== "mapping" || base.kind !== "mapping") return false;
  const services = mappingAt(patch, "services");
  for (const { value } of services?.entries.values() ?? []) {
    if (value.kind !== "mapping") return value.kind === "scalar";
    if (!RUNNABLE_KEYS.some((key) => value.entries.has(key))) return true;
    if (usesNamesOfBase(value, patch, base)) return true;
  }
  // Resources alone (a network made external, say) have an effect only on a base.
  if (services === undefined) return !patch.entries.has("include");
  return livesOnBase(patch, services, mappingAt(base, "services"));
}

const OWN_LIFE = ["ports", "expose", "networks", "network_mode", "labels", "volumes", "extends"] as const;
const OWN_PARTS = ["include", "networks", "volumes", "secrets", "configs"] as const;

/**
 * Whether a file brings nothing but services that its base has, without anything by which they are reached or keep data,
 * where the base has that for one of them: `php: { build: { target: prod } }` over a `php` with `ports`.
 */
function livesOnBase(patch: MappingNode, services: MappingNode, under: MappingNode | undefined): boolean {
  if (under === undefined || OWN_PARTS.some((key) => patch.entries.has(key))) return false;
  let isAlive = false;
  for (const [name, { value }] of services.entries) {
    const known = under.entries.get(name)?.value;
    if (known?.kind !== "mapping" || value.kind !== "mapping") return false;
    if (OWN_LIFE.some((key) => value.entries.has(key))) return false;
    isAlive ||= known.entries.has("ports") || known.entries.has("volumes");
  }
  return isAlive;
}

const RUNNABLE_KEYS = ["image", "build", "extends", "provider"] as const;

function usesNamesOfBase(service: MappingNode, patch: MappingNode, base: MappingNode): boolean {
  const isForeign = (section: string, name: string) =>
    mappingAt(patch, section)?.entries.has(name) !== true && mappingAt(base, section)?.entries.has(name) === true;
  return (
    namesAt(service, "networks").some((name) => isForeign("networks", name)) ||
    namesAt(service, "secrets").some((name) => isForeign("secrets", name)) ||
    namesAt(service, "depends_on").some((name) => isForeign("services", name)) ||
    namesAt(service, "volumes").some((name) => isForeign("volumes", name.split(":", 1)[0] ?? ""))
  );
}

function namesAt(service: MappingNode, key: string): string[] {
  const value = service.entries.get(key)?.value;
  if (value?.kind === "mapping") return [...value.entries.keys()];
  if (value?.kind !== "sequence") return [];
  return value.items.flatMap((item) => {
    if (item.kind === "scalar") return [item.resolved];
    const source = item.kind === "mapping" ? item.entries.get("source")?.value : undefined;
    return source?.kind === "scalar" ? [source.resolved] : [];
  });
}

function mappingAt(node: MappingNode, key: string): MappingNode | undefined {
  const value = node.entries.get(key)?.value;
  return value?.kind === "mapping" ? value : undefined;
}
