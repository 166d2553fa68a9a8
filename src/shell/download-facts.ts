import type { Range } from "../text/source.js";
import type { DownloadFact } from "./fact-model.js";
import { HOLE, type Invocation, type Word } from "./model.js";
import { NO_VALUES, type OptionReader, type OptionUse, readOptions } from "./options.js";
import { toolOptions } from "./tool-options.js";

/** Where a tool puts what it fetched. */
interface Target {
  readonly output: DownloadFact["output"];
  readonly shape: string | undefined;
  readonly range: Range | undefined;
}

const STDOUT: Target = { output: "stdout", shape: undefined, range: undefined };
const DISCARDED: Target = { output: "discarded", shape: undefined, range: undefined };

/** What an invocation fetches; empty when it fetches nothing. */
export function downloadsOf(invocation: Invocation): readonly DownloadFact[] {
  switch (invocation.name) {
    case "curl":
      return curl(invocation, read(invocation, "curl"));
    case "wget":
    case "wget2":
      return wget(invocation, read(invocation, "wget"));
    case "aria2c":
      return simple(invocation, "aria2c", read(invocation, "aria2c"), ["-o", "--out"], ["-d", "--dir"]);
    case "http":
    case "https":
      return simple(invocation, "http", read(invocation, "http"), ["-o", "--output"], []);
    case "fetch":
      return simple(invocation, "fetch", read(invocation, "fetch"), ["-o"], []);
    case "git":
      return gitClone(invocation, read(invocation, "git"));
    default:
      return [];
  }
}

function read(invocation: Invocation, tool: string): OptionReader {
  return readOptions(invocation, toolOptions(tool) ?? NO_VALUES);
}

function operandsOf(reader: OptionReader): readonly Word[] {
  return reader.verb === undefined ? [] : [reader.verb, ...reader.operands];
}

function fact(invocation: Invocation, tool: DownloadFact["tool"], url: Url, target: Target): DownloadFact {
  const known = target.shape === undefined || target.shape.includes(HOLE) ? undefined : target.shape;
  return {
    tool,
    url: url.shape.includes(HOLE) ? undefined : url.shape,
    urlShape: url.shape,
    urlRange: url.range,
    target: known,
    targetShape: target.shape,
    targetRange: target.range,
    output: target.output === "file" && known === undefined ? "unknown" : target.output,
    invocation,
  };
}

interface Url {
  readonly shape: string;
  readonly range: Range;
}

/** A target from the value of an option: `-` is standard output, `/dev/null` nothing. */
function targetFrom(shape: string, range: Range | undefined, directory = ""): Target {
  if (shape === "-" || shape === "/dev/stdout") return STDOUT;
  if (shape === "/dev/null") return DISCARDED;
  const isAbsolute = shape.startsWith("/") || directory === "";
  return { output: "file", shape: isAbsolute ? shape : `${directory.replace(/\/$/, "")}/${shape}`, range };
}

/** Standard output goes where a redirect says. */
function redirected(invocation: Invocation): Target {
  for (const redirect of invocation.redirects) {
    if (redirect.kind !== "file" || redirect.target === undefined) continue;
    const isOutput = redirect.operator === ">" || redirect.operator === ">>" || redirect.operator === ">|";
    const isBoth = redirect.operator === "&>" || redirect.operator === "&>>";
    if (isBoth || (isOutput && (redirect.descriptor === undefined || redirect.descriptor === 1))) {
      return targetFrom(redirect.target.shape, redirect.target.range);
    }
  }
  return STDOUT;
}

/** Last part of a URL's path, without query; a hole when it cannot be known. */
function remoteName(url: string): string {
  const path = url.split(/[?#]/, 1)[0] ?? "";
  const name = path.slice(path.lastIndexOf("/") + 1);
  return name === "" || !/^[a-z][a-z0-9+.-]*:\/\/[^/]+\/./i.test(path) ? HOLE : name;
}

function curl(invocation: Invocation, reader: OptionReader): readonly DownloadFact[] {
  const urls: Url[] = operandsOf(reader).map((word) => ({ shape: word.shape, range: word.range }));
  const outputs: OptionUse[] = [];
  for (const use of reader.options) {
    if (use.name === "--url" && use.valueShape !== undefined && use.valueRange !== undefined) {
      urls.push({ shape: use.valueShape, range: use.valueRange });
    } else if (use.name === "-o" || use.name === "--output" || use.name === "-O" || use.name === "--remote-name") {
      outputs.push(use);
    }
  }
  const isUpload = reader.has("-T", "--upload-file");
  const isHead = reader.has("-I", "--head");
  const all = reader.has("--remote-name-all");
  const directory = reader.find("--output-dir")?.valueShape ?? "";
  const standard = redirected(invocation);
  return urls.map((url, index) => {
    const use = outputs[index] ?? (all ? undefined : outputs.length === 1 ? undefined : outputs.at(-1));
    if (isUpload || isHead) return fact(invocation, "curl", url, DISCARDED);
    if (use?.valueShape !== undefined) {
      return fact(invocation, "curl", url, targetFrom(use.valueShape, use.valueRange, directory));
    }
    if (use !== undefined || all) {
      return fact(invocation, "curl", url, targetFrom(remoteName(url.shape), use?.range, directory));
    }
    return fact(invocation, "curl", url, standard);
  });
}

function wget(invocation: Invocation, reader: OptionReader): readonly DownloadFact[] {
  const output = reader.find("-O", "--output-document");
  const directory = reader.find("-P", "--directory-prefix")?.valueShape ?? "";
  const isProbe = reader.has("--spider");
  const standard = redirected(invocation);
  return operandsOf(reader).map((word) => {
    const url = { shape: word.shape, range: word.range };
    if (isProbe) return fact(invocation, "wget", url, DISCARDED);
    if (output?.valueShape === undefined) {
      return fact(invocation, "wget", url, targetFrom(remoteName(word.shape), undefined, directory));
    }
    const target = targetFrom(output.valueShape, output.valueRange);
    return fact(invocation, "wget", url, target === STDOUT ? standard : target);
  });
}

function simple(
  invocation: Invocation,
  tool: "aria2c" | "http" | "fetch",
  reader: OptionReader,
  outputNames: readonly string[],
  directoryNames: readonly string[],
): readonly DownloadFact[] {
  const output = reader.find(...outputNames);
  const directory = reader.find(...directoryNames)?.valueShape ?? "";
  const urls = operandsOf(reader).filter((word) => word.shape.includes("://"));
  const standard = redirected(invocation);
  return urls.map((word) => {
    const url = { shape: word.shape, range: word.range };
    if (output?.valueShape !== undefined) {
      return fact(invocation, tool, url, targetFrom(output.valueShape, output.valueRange, directory));
    }
    if (tool === "http") return fact(invocation, tool, url, standard);
    return fact(invocation, tool, url, targetFrom(remoteName(word.shape), undefined, directory));
  });
}

function gitClone(invocation: Invocation, reader: OptionReader): readonly DownloadFact[] {
  if (reader.verb?.value !== "clone") return [];
  const [address, folder] = reader.operands;
  if (address === undefined) return [];
  const url = { shape: address.shape, range: address.range };
  if (folder !== undefined) return [fact(invocation, "git", url, targetFrom(folder.shape, folder.range))];
  let length = address.shape.length;
  while (address.shape[length - 1] === "/") length -= 1;
  const name = address.shape.slice(0, length).replace(/\.git$/, "");
  const last = name.slice(Math.max(name.lastIndexOf("/"), name.lastIndexOf(":")) + 1);
  return [fact(invocation, "git", url, { output: "file", shape: last === "" ? HOLE : last, range: undefined })];
}
