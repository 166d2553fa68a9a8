import type { TextFrame } from "./frame.js";
import type { ScriptKind, SwallowedComment } from "./model.js";

/**
 * Finds a `#` that comments out the rest of a shell-form script. Docker joins the lines of such a script before the shell sees
 * them, so the comment does not end where its author thinks. Undefined without one, and for scripts that keep their line breaks.
 */
export function findSwallowed(kind: ScriptKind, frame: TextFrame): SwallowedComment | undefined {
  if (kind !== "shell-form" || !frame.text.includes("#")) return undefined;
  const start = commentStart(frame.text);
  if (start === undefined) return undefined;
  const { text } = frame;
  const newline = text.indexOf("\n", start);
  const end = newline === -1 ? text.length : newline;
  const whole = frame.rangeAt(start, end);
  const file = whole.source.text;
  const lineLength = lengthOfLine(file, whole.start, whole.end);
  const written = file.slice(whole.start, whole.start + lineLength);
  const continues = whole.start + lineLength < whole.end;
  const visible = (continues ? written.replace(/[\\`][ \t]*$/, "") : written).trimEnd();
  return {
    range: whole.source.range(whole.start, whole.start + visible.length),
    hasCode: /\S/.test(text.slice(Math.min(end, start + lineLength), end)),
  };
}

function lengthOfLine(text: string, from: number, to: number): number {
  for (let index = from; index < to; index += 1) {
    const code = text.charCodeAt(index);
    if (code === 10 || code === 13) return index - from;
  }
  return to - from;
}

type Mode = "plain" | "double" | "braces" | "substitution" | "backtick";

/** Offset of the first `#` that begins a comment; only the first line counts, for heredoc bodies follow. */
function commentStart(text: string): number | undefined {
  const modes: Mode[] = [];
  let isWordStart = true;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index] ?? "";
    const mode = modes.at(-1) ?? "plain";
    if (character === "\\") {
      index += 1;
      isWordStart = isWordStart && text[index] === "\n";
      continue;
    }
    if (character === "\n" && modes.length === 0) return undefined;
    if (mode !== "double" && mode !== "braces" && character === "#" && isWordStart) return index;
    if (character === "'" && mode !== "double") {
      const close = text.indexOf("'", index + 1);
      if (close === -1) return undefined;
      index = close;
    } else if (character === "$" && (text[index + 1] === "(" || text[index + 1] === "{")) {
      modes.push(text[index + 1] === "(" ? "substitution" : "braces");
      index += 1;
      isWordStart = text[index] === "(";
      continue;
    } else changeMode(modes, mode, character);
    isWordStart = mode !== "double" && /[\s;&|()]/.test(character);
  }
  return undefined;
}

/** Opens and closes quotes, braces, parentheses and backticks. */
function changeMode(modes: Mode[], mode: Mode, character: string): void {
  if (character === '"') {
    if (mode === "double") modes.pop();
    else modes.push("double");
  } else if (character === "`") {
    if (mode === "backtick") modes.pop();
    else modes.push("backtick");
  } else if (character === "}" && mode === "braces") modes.pop();
  else if (character === "(" && mode === "substitution") modes.push("substitution");
  else if (character === ")" && mode === "substitution") modes.pop();
}
