import type { Command, HereDoc } from "unbash";
import type { ScriptStart, WalkContext } from "./context.js";
import { DerivedText, type TextFrame } from "./frame.js";
import type { WrittenInvocation } from "./invocation.js";
import { HOLE, type Script, type ScriptKind, type ShellKind } from "./model.js";
import { NO_FLAGS, readFlags, shellKindOfName } from "./shell-kind.js";
import { shellOperand, suScript } from "./shell-operand.js";
import type { ShellWord } from "./word.js";
import { SHELLS } from "./wrapper-table.js";

/** Scripts inside scripts beyond this depth are not read. */
const MAX_NESTING = 8;
/** The scripts that a shell, `su -c` or `eval` runs; empty when it runs none that is written here. */
export function nestedScripts(
  invocation: WrittenInvocation,
  words: readonly ShellWord[],
  node: Command | undefined,
  context: WalkContext,
): readonly Script[] {
  if (context.nesting >= MAX_NESTING) {
    context.root.partial = true;
    return [];
  }
  const start = findScript(invocation, words, node, context);
  return start === undefined ? [] : [context.root.walk.script(start, context)];
}

function findScript(
  invocation: WrittenInvocation,
  words: readonly ShellWord[],
  node: Command | undefined,
  context: WalkContext,
): ScriptStart | undefined {
  const { shell } = context.scope;
  const rest = words.slice(1);
  if (invocation.name === "eval") return evalScript(rest, shell, context);
  if (invocation.name === undefined || !SHELLS.has(invocation.name)) {
    const word = suScript(rest);
    return word === undefined ? undefined : start("nested-c", word.asScript(), "sh-unknown", [], context);
  }
  // Only inside a script of a `sh` is it known which `sh` the image has.
  const kind = shellKindOfName(invocation.name, shell.startsWith("sh-") ? shell : "sh-unknown");
  const found = shellOperand(rest);
  if (found.isScript) {
    const frame = found.operand?.asScript();
    return frame === undefined ? undefined : start("nested-c", frame, kind, found.options, context);
  }
  if (found.operand !== undefined) return undefined;
  const body = standardInput(node, invocation, context);
  return body === undefined ? undefined : start("nested-heredoc", body, kind, found.options, context);
}

function start(
  kind: ScriptKind,
  frame: TextFrame,
  shell: ShellKind,
  options: readonly string[],
  context: WalkContext,
): ScriptStart {
  const { bindings } = context.scope;
  const version = bindings.version;
  return {
    kind,
    frame,
    shell,
    flags: readFlags(options, NO_FLAGS),
    lookup: (name) => {
      const binding = bindings.lookup(name, version);
      return binding.kind === "value" ? binding.value : undefined;
    },
  };
}

function evalScript(words: readonly ShellWord[], shell: ShellKind, context: WalkContext): ScriptStart | undefined {
  const operands = words[0]?.value === "--" ? words.slice(1) : words;
  const [first] = operands;
  if (first === undefined) return undefined;
  const frame = operands.length === 1 ? first.asScript() : joinFrames(operands.map((word) => word.asScript()));
  return { ...start("nested-eval", frame, shell, [], context), flags: context.state.flags };
}

/** Several texts with a blank between; a range that crosses from one to another ends in the first. */
function joinFrames(frames: readonly TextFrame[]): TextFrame {
  const starts: number[] = [];
  let length = 0;
  for (const frame of frames) {
    starts.push(length);
    length += frame.text.length + 1;
  }
  const text = frames.map((frame) => frame.text).join(" ");
  const indexAt = (offset: number) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  return {
    text,
    rangeAt: (from, to) => {
      const index = indexAt(from);
      const frame = frames[index];
      const shift = starts[index] ?? 0;
      const limit = frame?.text.length ?? 0;
      const local = (offset: number) => Math.min(Math.max(0, offset - shift), limit);
      return (frame ?? frames[0] ?? { rangeAt: neverCalled }).rangeAt(local(from), local(to));
    },
  };
}

function neverCalled(): never {
  throw new Error("a joined text has at least one part");
}

/** Text that a shell reads from a heredoc or here-string; undefined when it reads something else. */
function standardInput(
  node: Command | undefined,
  invocation: WrittenInvocation,
  context: WalkContext,
): TextFrame | undefined {
  const redirect = node?.redirects.findLast(
    (item) => item.type !== "Redirect" && (item.descriptor === undefined || isZero(item.descriptor)),
  );
  if (redirect === undefined) return undefined;
  if (redirect.type === "HereDoc") return heredocFrame(redirect, context);
  const here = invocation.redirects.findLast((item) => item.kind === "here-string");
  const target = here?.kind === "here-string" ? here.target : undefined;
  return target !== undefined && "asScript" in target && typeof target.asScript === "function"
    ? target.asScript()
    : undefined;
}

function isZero(descriptor: { readonly type: string; readonly value?: number }): boolean {
  return descriptor.type === "FileDescriptor" && descriptor.value === 0;
}

/** The body as the inner shell gets it: the outer one removes escapes and runs substitutions, unless the delimiter is quoted. */
function heredocFrame(heredoc: HereDoc, context: WalkContext): TextFrame {
  const { body } = heredoc;
  const { frame } = context.scope;
  const decoded = new DerivedText();
  const parts = heredoc.delimiter?.quoted === true || !/[\\$`]/.test(body.text) ? undefined : body.parts;
  if (parts === undefined) decoded.appendExact(body.text, body.pos);
  for (const part of parts ?? []) {
    if (part.type === "Literal") decoded.appendEscaped(part.value, part.text, part.pos);
    else if (part.type === "CommandExpansion") decoded.appendExact(HOLE.repeat(part.end - part.pos), part.pos);
    else decoded.appendExact(frame.text.slice(part.pos, part.end), part.pos);
  }
  return decoded.toFrame(frame);
}
