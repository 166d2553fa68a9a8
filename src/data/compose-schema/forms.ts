/** A JSON Schema (draft 2020-12) or a part of one, as plain data. */
export type Schema = Readonly<Record<string, unknown>>;

// Unions are told apart by the kind of a value alone (`type` lists kinds, `properties` speaks of mappings, `items` of
// lists, `format` of text), never by `oneOf`: so that one mistake is one error.

/** Text; `format` is one of those of `src/compose/schema-formats.ts`. */
export function text(description: string, format?: string): Schema {
  return format === undefined ? { description, type: "string" } : { description, type: "string", format };
}

/** Text, or nothing. */
export function textOrNull(description: string, format?: string): Schema {
  return { ...text(description, format), type: ["string", "null"] };
}

/** One of a few words. */
export function word(description: string, words: readonly string[]): Schema {
  return { description, type: "string", enum: words };
}

/** `true` or `false`, also as text: variables give text. */
export function flag(description: string): Schema {
  return { description, type: ["boolean", "string"], format: "compose-boolean" };
}

/** A whole number, also as text; limits include their ends. */
export function integer(description: string, least?: number, most?: number): Schema {
  return number(description, "integer", least, most);
}

/** A number, also as text; limits include their ends. */
export function decimal(description: string, least?: number, most?: number): Schema {
  return number(description, "number", least, most);
}

function number(description: string, type: "integer" | "number", least?: number, most?: number): Schema {
  const limits = least === undefined && most === undefined ? "" : ` ${least ?? ""}..${most ?? ""}`;
  return {
    description,
    type: [type, "string"],
    format: `compose-${type}${limits}`,
    ...(least === undefined ? {} : { minimum: least }),
    ...(most === undefined ? {} : { maximum: most }),
  };
}

/** A number of bytes, or text with a unit; `format` narrows the text. */
export function bytes(description: string, least = 0): Schema {
  const format = least === 0 ? "compose-bytes" : "compose-bytes-or-unlimited";
  return { description, type: ["number", "string"], minimum: least, format };
}

/** A length of time with units: `1m30s`. */
export function duration(description: string): Schema {
  return text(description, "compose-duration");
}

/** Text, or a number of a certain form. */
export function textOrNumber(description: string, format?: string): Schema {
  return { ...text(description, format), type: ["string", "number"] };
}

/** A list. */
export function list(description: string, items: Schema): Schema {
  return { description, type: "array", items };
}

/** A list that names nothing twice. */
export function set(description: string, items: Schema = { type: "string" }): Schema {
  return { ...list(description, items), uniqueItems: true };
}

/** One text or a list of them. */
export function texts(description: string, format?: string): Schema {
  const item = format === undefined ? { type: "string" } : { type: "string", format };
  return { description, ...item, type: ["string", "array"], items: item };
}

/** A command: one text, or words in a list, or nothing, which keeps that of the image. */
export function command(description: string): Schema {
  return { description, type: ["string", "array", "null"], items: { type: "string" } };
}

const SCALAR: Schema = { type: ["string", "number", "boolean", "null"] };

/** A mapping of names to scalars, or a list of `NAME=value`. */
export function keyValues(description: string): Schema {
  return { description, type: ["object", "array"], additionalProperties: SCALAR, items: { type: "string" } };
}

/** A mapping whose keys are names that the user chooses. */
export function named(description: string, values: Schema, more: Schema = {}): Schema {
  return { description, type: "object", additionalProperties: values, ...more };
}

/** Scalars that a driver reads. */
export function driverOptions(description: string): Schema {
  return named(description, { type: ["string", "number"] });
}

/** A mapping with keys that mean something, and extensions `x-…`. */
export function table(description: string, properties: Readonly<Record<string, Schema>>, more: Schema = {}): Schema {
  return {
    description,
    type: "object",
    properties: Object.fromEntries(
      Object.entries(properties).map(([key, schema]) => [key, { title: titleOf(key), ...schema }]),
    ),
    patternProperties: { "^x-": {} },
    additionalProperties: false,
    ...more,
  };
}

/** A table that may be empty (`key:` without a value). */
export function tableOrNull(description: string, properties: Readonly<Record<string, Schema>>, more: Schema = {}) {
  return { ...table(description, properties, more), type: ["object", "null"] };
}

/** A text for short, or a table. */
export function textOrTable(
  description: string,
  properties: Readonly<Record<string, Schema>>,
  more: Schema = {},
): Schema {
  return { ...table(description, properties, more), type: ["string", "object"] };
}

/** A part that several places share. */
export function shared(name: string, description?: string): Schema {
  const $ref = `#/$defs/${name}`;
  return description === undefined ? { $ref } : { description, $ref };
}

/** Old spellings that editors strike out. */
export function deprecated(schema: Schema): Schema {
  return { ...schema, deprecated: true };
}

const SPELLED: ReadonlyMap<string, string> = new Map([
  ["api", "API"],
  ["bps", "rate"],
  ["cpu", "CPU"],
  ["cpus", "CPUs"],
  ["dns", "DNS"],
  ["env", "environment"],
  ["gid", "GID"],
  ["gpus", "GPUs"],
  ["id", "ID"],
  ["ids", "IDs"],
  ["iops", "operations"],
  ["ip", "IP"],
  ["ipam", "addresses"],
  ["ipc", "IPC"],
  ["ips", "IPs"],
  ["ipv4", "IPv4"],
  ["ipv6", "IPv6"],
  ["mac", "MAC"],
  ["mem", "memory"],
  ["memswap", "memory and swap"],
  ["oom", "out-of-memory"],
  ["opt", "options"],
  ["pid", "PID"],
  ["pids", "PIDs"],
  ["sbom", "SBOM"],
  ["shm", "shared memory"],
  ["ssh", "SSH"],
  ["uid", "UID"],
  ["url", "URL"],
  ["userns", "user namespace"],
  ["uts", "UTS"],
]);

/** A key as people say it: `mem_limit` is "Memory limit". */
function titleOf(key: string): string {
  const said = key
    .split("_")
    .map((part) => SPELLED.get(part) ?? part)
    .join(" ");
  return said.charAt(0).toUpperCase() + said.slice(1);
}
