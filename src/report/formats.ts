import type { PartsRenderer, Renderer } from "./report-context.js";

const LOADERS = {
  text: async () => (await import("./text.js")).text,
  compact: async () => (await import("./compact.js")).compact,
  json: async () => (await import("./json.js")).json,
  sarif: async () => (await import("./sarif.js")).sarif,
  markdown: async () => (await import("./markdown.js")).markdown,
  html: async () => (await import("./html.js")).html,
} as const satisfies Record<string, () => Promise<Renderer>>;

/** Name of a report format. */
export type Format = keyof typeof LOADERS;

/** All formats, the default first. */
export const FORMATS: readonly Format[] = ["text", "compact", "json", "sarif", "markdown", "html"];

/** Whether there is a format of that name. */
export function isFormat(name: string): name is Format {
  return Object.hasOwn(LOADERS, name);
}

/** Loads a format; formats that nobody asks for are never read. */
export async function loadFormat(name: Format): Promise<PartsRenderer> {
  if (name === "json") return (await import("./json.js")).jsonParts;
  const render = await LOADERS[name]();
  return (result, context) => [render(result, context)];
}
