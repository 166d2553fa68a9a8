import type { Range } from "../text/source.js";
import type { Command, CommandWord, ComposeScript, Healthcheck, HealthTest } from "./model.js";
import type { Entry, Node, ScalarNode } from "./node-model.js";
import { isNull } from "./nodes.js";
import { splitWords } from "./short-syntax.js";
import { booleanValue, durationValue, leafAt, numberValue } from "./values-of-nodes.js";

/** Reads `command`, `entrypoint` or a hook's command. */
export function commandOf(node: Node, keyRange: Range | undefined): Command | undefined {
  const { range } = node;
  if (isNull(node)) return { form: "image", words: [], range, keyRange, problem: undefined, node };
  if (node.kind === "mapping") return undefined;
  if (node.kind === "sequence") {
    const words = node.items.flatMap((item) => (item.kind === "scalar" ? [wholeWord(item)] : []));
    return { form: words.length === 0 ? "empty" : "list", words, range, keyRange, problem: undefined, node };
  }
  const words = wordsOf(node);
  const problem = words === undefined ? "the quote is never closed" : undefined;
  const isEmpty = node.resolved.trim() === "";
  return { form: isEmpty ? "empty" : "text", words: words ?? [], range, keyRange, problem, node };
}

/** A scalar as text for a shell. */
export function scriptOf(node: ScalarNode): ComposeScript {
  return {
    text: node.resolved,
    range: node.range,
    isKnown: node.certainty === "known" || node.certainty === "defaulted",
    rangeOf: (start, end) => node.rangeOf(start, end),
  };
}

/** Reads `healthcheck`; undefined when it is no mapping. */
export function healthcheckOf(entry: Entry | undefined): Healthcheck | undefined {
  const node = entry?.value;
  if (entry === undefined || node?.kind !== "mapping") return undefined;
  const testNode = node.entries.get("test")?.value;
  const test = testNode === undefined || isNull(testNode) ? undefined : testOf(testNode);
  const disable = leafAt(node, ["disable"], booleanValue);
  return {
    node,
    keyRange: entry.keyRange,
    test,
    intervalMs: leafAt(node, ["interval"], durationValue),
    timeoutMs: leafAt(node, ["timeout"], durationValue),
    startPeriodMs: leafAt(node, ["start_period"], durationValue),
    startIntervalMs: leafAt(node, ["start_interval"], durationValue),
    retries: leafAt(node, ["retries"], numberValue),
    disable,
    isDisabled: disable?.value === true || test?.kind === "none",
  };
}

function testOf(node: Node): HealthTest {
  const { range } = node;
  if (node.kind === "scalar") return { kind: "shell", script: scriptOf(node), range };
  if (node.kind === "mapping") return { kind: "malformed", range };
  const [first, ...rest] = node.items;
  if (first?.kind !== "scalar") return { kind: "malformed", range };
  switch (first.resolved) {
    case "NONE":
      return { kind: "none", range };
    case "CMD-SHELL": {
      const [script] = rest;
      return script?.kind === "scalar" && rest.length === 1
        ? { kind: "shell", script: scriptOf(script), range }
        : { kind: "malformed", range };
    }
    case "CMD":
      return rest.length === 0
        ? { kind: "malformed", range }
        : { kind: "exec", words: rest.flatMap((item) => (item.kind === "scalar" ? [wholeWord(item)] : [])), range };
    default:
      return { kind: "malformed", range };
  }
}

function wholeWord(node: ScalarNode): CommandWord {
  const isOpen = node.certainty === "unknown" || node.certainty === "required";
  return {
    value: isOpen ? undefined : node.resolved,
    text: node.text,
    range: node.range,
    rangeOf: (start, end) => node.rangeOf(start, end),
  };
}

function wordsOf(node: ScalarNode): readonly CommandWord[] | undefined {
  return splitWords(node.resolved)?.map(({ text, start, end, isPlain }) => {
    const part = node.part(start, end);
    const isOpen = part.certainty === "unknown" || part.certainty === "required";
    // Between two quotes the text stands as it is; where quotes and escapes are mixed, the whole word is shown.
    const isQuoted = !isPlain && node.resolved.slice(start + 1, end - 1) === text;
    const first = isPlain ? start : isQuoted ? start + 1 : undefined;
    const rangeOf = (from: number, to: number) =>
      first === undefined
        ? part.range
        : node.rangeOf(first + Math.min(from, text.length), first + Math.min(to, text.length));
    return {
      value: isOpen ? undefined : text,
      text: isPlain || part.isSecret ? part.text : text,
      range: part.range,
      rangeOf,
    };
  });
}
