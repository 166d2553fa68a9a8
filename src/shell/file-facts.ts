import type { Range } from "../text/source.js";
import type { DownloadFact, OwnershipFact, RemovalFact, WriteFact } from "./fact-model.js";
import { HOLE, type Invocation, type Redirect, type Word } from "./model.js";
import { NO_VALUES, type OptionReader, readOptions } from "./options.js";
import { toolOptions } from "./tool-options.js";

/** Text with the range that it was written in. */
interface Content {
  readonly text: string;
  readonly range: Range;
}

type Writing = Pick<WriteFact, "by" | "appends" | "sources"> & { readonly content: Content | undefined };

const NO_SOURCES: readonly Word[] = [];

/** The paths that a command writes; `downloads` are those of the same command. */
export function writesOf(invocation: Invocation, downloads: readonly DownloadFact[]): readonly WriteFact[] {
  const writes: WriteFact[] = [];
  if (invocation.redirects.length > 0) addRedirects(invocation, writes);
  addDownloads(invocation, downloads, writes);
  if (invocation.name !== undefined) addOperands(invocation, invocation.name, writes);
  return writes;
}

function addRedirects(invocation: Invocation, writes: WriteFact[]): void {
  let printedHere: Content | undefined | "unread" = "unread";
  for (const redirect of invocation.redirects) {
    if (redirect.kind !== "file" || redirect.target === undefined || !isWriting(redirect)) continue;
    const { target } = redirect;
    if (target.shape.startsWith("/dev/")) continue;
    const isOutput = redirect.descriptor === undefined || redirect.descriptor === 1;
    const appends = redirect.operator === ">>" || redirect.operator === "&>>";
    if (isOutput && printedHere === "unread") printedHere = contentOf(invocation);
    const content = isOutput && printedHere !== "unread" ? printedHere : undefined;
    writes.push(write(invocation, target, { by: "redirect", appends, sources: NO_SOURCES, content }));
  }
}

function isWriting(redirect: Extract<Redirect, { kind: "file" }>): boolean {
  if (redirect.operator === "<" || redirect.operator === "<&") return false;
  // `2>&1` copies a descriptor; `>&file` writes.
  return redirect.operator !== ">&" || !/^(?:\d+|-)$/.test(redirect.target?.shape ?? "-");
}

/** What a command prints, when it says so itself. */
function contentOf(invocation: Invocation): Content | undefined {
  if (invocation.name === "echo" || invocation.name === "printf") return printed(invocation);
  if (invocation.name !== "cat" && invocation.name !== "tee") return undefined;
  for (const redirect of invocation.redirects) {
    if (redirect.kind === "heredoc") return { text: redirect.body, range: redirect.bodyRange };
    if (redirect.kind === "here-string" && redirect.target !== undefined) {
      return { text: redirect.target.shape, range: redirect.target.range };
    }
  }
  return undefined;
}

function printed(invocation: Invocation): Content | undefined {
  const isOption = (word: Word) => invocation.name === "echo" && /^-[neE]+$/.test(word.shape);
  const words = invocation.args.filter((word, index) => !(isOption(word) && index < 3));
  const first = words[0];
  const last = words.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const isForward = first.range.source === last.range.source && last.range.end >= first.range.start;
  const range = isForward ? first.range.source.range(first.range.start, last.range.end) : first.range;
  return { text: words.map((word) => word.shape).join(" "), range };
}

/** What the command before `tee` in its pipeline prints. */
function piped(invocation: Invocation): Content | undefined {
  const place = invocation.pipeline;
  if (place === undefined || place.position === 0) return undefined;
  const before = place.pipeline.stages[place.position - 1]?.invocation;
  return before === undefined ? undefined : contentOf(before);
}

function addDownloads(invocation: Invocation, downloads: readonly DownloadFact[], writes: WriteFact[]): void {
  if (downloads.length === 0) return;
  const redirected = new Set(
    invocation.redirects.map((redirect) => (redirect.kind === "file" ? redirect.target?.range : undefined)),
  );
  for (const download of downloads) {
    if (download.targetShape === undefined || (download.output !== "file" && download.output !== "unknown")) continue;
    // A redirect has been listed as what it is.
    if (download.targetRange !== undefined && redirected.has(download.targetRange)) continue;
    writes.push({
      path: download.target,
      shape: download.targetShape,
      range: download.targetRange ?? download.urlRange,
      invocation,
      by: download.tool === "git" ? "clone" : "download",
      content: undefined,
      contentRange: undefined,
      appends: false,
      sources: NO_SOURCES,
    });
  }
}

function write(invocation: Invocation, word: Word, writing: Writing): WriteFact {
  return fromShape(invocation, word.shape, word.range, writing);
}

function fromShape(invocation: Invocation, shape: string, range: Range, writing: Writing): WriteFact {
  const { by, appends, sources, content } = writing;
  return {
    path: shape.includes(HOLE) ? undefined : shape,
    shape,
    range,
    invocation,
    by,
    content: content?.text,
    contentRange: content?.range,
    appends,
    sources,
  };
}

function plain(by: WriteFact["by"], sources: readonly Word[] = NO_SOURCES): Writing {
  return { by, appends: false, sources, content: undefined };
}

function read(invocation: Invocation, tool: string): OptionReader {
  return readOptions(invocation, toolOptions(tool) ?? NO_VALUES);
}

function allOperands(reader: OptionReader): readonly Word[] {
  return reader.verb === undefined ? [] : [reader.verb, ...reader.operands];
}

function addOperands(invocation: Invocation, name: string, writes: WriteFact[]): void {
  switch (name) {
    case "tee": {
      const reader = readOptions(invocation, NO_VALUES);
      const appends = reader.has("-a", "--append");
      const content = contentOf(invocation) ?? piped(invocation);
      for (const word of allOperands(reader)) {
        if (word.shape.startsWith("/dev/")) continue;
        writes.push(write(invocation, word, { by: "tee", appends, sources: NO_SOURCES, content }));
      }
      return;
    }
    case "touch":
    case "mkdir":
      for (const word of allOperands(read(invocation, name))) writes.push(write(invocation, word, plain(name)));
      return;
    case "cp":
    case "mv":
    case "ln":
    case "install":
      addCopies(invocation, name, writes);
      return;
    case "sed":
      addEdits(invocation, writes);
      return;
    case "tar":
    case "bsdtar":
    case "unzip":
      addExtraction(invocation, name, writes);
      return;
    default:
      addOutputs(invocation, name, writes);
  }
}

function addCopies(invocation: Invocation, name: "cp" | "mv" | "ln" | "install", writes: WriteFact[]): void {
  const reader = read(invocation, name);
  const operands = allOperands(reader);
  const by = name === "mv" ? "move" : name === "ln" ? "link" : "copy";
  if (name === "install" && reader.has("-d", "--directory")) {
    for (const word of operands) writes.push(write(invocation, word, plain("mkdir")));
    return;
  }
  const folder = reader.find("-t", "--target-directory");
  if (folder?.valueShape !== undefined && folder.valueRange !== undefined) {
    writes.push(fromShape(invocation, folder.valueShape, folder.valueRange, plain(by, operands)));
    return;
  }
  const target = operands.at(-1);
  if (target === undefined) return;
  if (operands.length > 1) writes.push(write(invocation, target, plain(by, operands.slice(0, -1))));
  else if (name === "ln") {
    // `ln -s /usr/bin/x` makes the link `x` in the working directory.
    const base = target.shape.slice(target.shape.lastIndexOf("/") + 1);
    writes.push(fromShape(invocation, base, target.range, plain(by, operands)));
  }
}

function addEdits(invocation: Invocation, writes: WriteFact[]): void {
  const reader = read(invocation, "sed");
  const isInPlace = reader.options.some((use) => use.name === "-i" || use.name === "--in-place");
  if (!isInPlace) return;
  const hasScript = reader.has("-e", "--expression", "-f", "--file");
  for (const word of hasScript ? allOperands(reader) : reader.operands) {
    writes.push(write(invocation, word, plain("edit")));
  }
}

function addExtraction(invocation: Invocation, name: "tar" | "bsdtar" | "unzip", writes: WriteFact[]): void {
  const reader = read(invocation, name);
  if (name !== "unzip" && !isExtracting(invocation, reader)) return;
  const sources = archiveOf(invocation, name, reader);
  const folder = name === "unzip" ? reader.find("-d") : reader.find("-C", "--directory", "--cd");
  const shape = folder?.valueShape ?? ".";
  writes.push(fromShape(invocation, shape, folder?.valueRange ?? invocation.nameRange, plain("extract", sources)));
}

/** Old-style letters without a dash count too: `tar xzf a.tgz`. */
function isExtracting(invocation: Invocation, reader: OptionReader): boolean {
  if (reader.has("-x", "--extract", "--get")) return true;
  const letters = invocation.args[0]?.shape ?? "";
  return /^[A-Za-z]+$/.test(letters) && letters.includes("x");
}

function archiveOf(invocation: Invocation, name: string, reader: OptionReader): readonly Word[] {
  if (name === "unzip") return reader.verb === undefined ? [] : [reader.verb];
  const file = reader.find("-f", "--file")?.valueWord;
  if (file !== undefined) return [file];
  const letters = invocation.args[0]?.shape ?? "";
  const operand = /^[A-Za-z]+$/.test(letters) && letters.includes("f") ? invocation.args[1] : undefined;
  return operand === undefined ? [] : [operand];
}

function addOutputs(invocation: Invocation, name: string, writes: WriteFact[]): void {
  const option = OUTPUT_OPTIONS.get(name);
  if (option !== undefined) {
    for (let index = 0; index < invocation.args.length; index += 1) {
      const word = invocation.args[index + 1];
      if (option.has(invocation.args[index]?.shape ?? "") && word !== undefined && word.shape !== "-") {
        writes.push(write(invocation, word, plain("output")));
      }
    }
  } else if (name === "dd") {
    for (const word of invocation.args) {
      if (!word.shape.startsWith("of=") || word.shape.startsWith("of=/dev/")) continue;
      writes.push(fromShape(invocation, word.shape.slice(3), word.rangeAt(3, word.shape.length), plain("output")));
    }
  }
}

const OUTPUT_OPTIONS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ["gpg", new Set(["-o", "--output"])],
  ["gpg2", new Set(["-o", "--output"])],
  ["openssl", new Set(["-out", "-keyout"])],
  ["ssh-keygen", new Set(["-f"])],
]);

/** The paths that a command removes. */
export function removalsOf(invocation: Invocation): readonly RemovalFact[] {
  switch (invocation.name) {
    case "rm":
    case "rmdir":
    case "unlink": {
      const reader = readOptions(invocation, NO_VALUES);
      const recursive = reader.has("-r", "-R", "--recursive");
      const operands = allOperands(reader).filter((word) => word.shape !== "{}");
      return operands.map((word) => removal(invocation, word, recursive, false));
    }
    case "find":
      return foundRemovals(invocation);
    default:
      return [];
  }
}

function removal(invocation: Invocation, word: Word, recursive: boolean, isFiltered: boolean): RemovalFact {
  return { path: word.value, shape: word.shape, range: word.range, invocation, recursive, isFiltered };
}

/** Tests that `find` applies without leaving anything of substance behind. */
const HARMLESS_TESTS = new Set([
  "-mindepth",
  "-maxdepth",
  "-type",
  "-depth",
  "-delete",
  "-xdev",
  "-mount",
  "-print",
  "-print0",
]);

function foundRemovals(invocation: Invocation): readonly RemovalFact[] {
  const { args } = invocation;
  const removes = args.some((word, index) => {
    if (word.shape === "-delete") return true;
    const command = args[index + 1]?.shape ?? "";
    return word.shape.startsWith("-exec") && (command === "rm" || command.endsWith("/rm"));
  });
  if (!removes) return [];
  const end = args.findIndex((word) => /^[-(!]/.test(word.shape));
  const expression = end === -1 ? [] : args.slice(end);
  const actionAt = expression.findIndex((word) => word.shape.startsWith("-exec"));
  const tests = actionAt === -1 ? expression : expression.slice(0, actionAt);
  const isFiltered = tests.some((word) => word.shape.startsWith("-") && !HARMLESS_TESTS.has(word.shape));
  return args.slice(0, Math.max(0, end)).map((word) => removal(invocation, word, true, isFiltered));
}

/** Who or what may use the paths that a command names; undefined when it changes neither. */
export function ownershipOf(invocation: Invocation): OwnershipFact | undefined {
  switch (invocation.name) {
    case "chown":
    case "chgrp":
    case "chmod":
      return changedOwnership(invocation, invocation.name);
    case "install": {
      const reader = read(invocation, "install");
      const use = reader.find("-o", "--owner") ?? reader.find("-g", "--group") ?? reader.find("-m", "--mode");
      if (use?.valueRange === undefined) return undefined;
      const operands = allOperands(reader);
      const paths = reader.has("-d", "--directory") ? operands : operands.slice(-1);
      return { tool: "install", spec: use.value, specRange: use.valueRange, recursive: false, paths, invocation };
    }
    default:
      return undefined;
  }
}

function changedOwnership(invocation: Invocation, tool: "chown" | "chgrp" | "chmod"): OwnershipFact | undefined {
  // A mode may begin with a dash (`chmod -x file`), so only known letters are options.
  const flags = tool === "chmod" ? /^-[Rfvc]+$/ : /^-[RfvchHLP]+$/;
  const operands: Word[] = [];
  let recursive = false;
  let hasReference = false;
  for (const word of invocation.args) {
    if (word.shape === "--recursive") recursive = true;
    else if (word.shape.startsWith("--reference")) hasReference = true;
    else if (flags.test(word.shape)) recursive ||= word.shape.includes("R");
    else if (!word.shape.startsWith("--")) operands.push(word);
  }
  const [spec, ...rest] = operands;
  if (spec === undefined) return undefined;
  if (hasReference) {
    return { tool, spec: undefined, specRange: invocation.nameRange, recursive, paths: operands, invocation };
  }
  return { tool, spec: spec.value, specRange: spec.range, recursive, paths: rest, invocation };
}
