import type { Range } from "../text/source.js";
import type { RunningImage } from "./model.js";
import { execForm } from "./simple-command.js";

/** The CMD of an image. */
export type ImageCommand =
  | {
      readonly kind: "command";
      /** As an instruction: `CMD ["node", "server.js"]`. */
      readonly written: string;
      /** The instruction, when a Dockerfile of the project writes it. */
      readonly range: Range | undefined;
    }
  /** The image surely has none. */
  | { readonly kind: "none" }
  | { readonly kind: "unknown" };

/** What an image runs, or hands to its ENTRYPOINT, when nothing else is asked for. */
export function imageCommandOf(image: RunningImage): ImageCommand {
  if (image.kind === "unknown") return { kind: "unknown" };
  if (image.kind === "stage") {
    const { command, entrypoint, isScratch } = image.stage;
    if (command !== undefined && command.instruction.keyword === "CMD") {
      const { range, command: text } = command.instruction;
      const words = text.kind === "json" ? execForm(text.items.map(({ value }) => value)) : text.text;
      return words === "" || words === "[]" ? { kind: "none" } : { kind: "command", written: `CMD ${words}`, range };
    }
    // An ENTRYPOINT takes the CMD of the base away.
    if (entrypoint !== undefined || isScratch) return { kind: "none" };
    return ofTable(image.stage.facts?.command);
  }
  return ofTable(image.facts?.command);
}

function ofTable(command: readonly string[] | undefined): ImageCommand {
  if (command === undefined) return { kind: "unknown" };
  return command.length === 0
    ? { kind: "none" }
    : { kind: "command", written: `CMD ${execForm(command)}`, range: undefined };
}
