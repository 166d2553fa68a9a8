import { type ChildProcess, spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { pathToFileURL } from "node:url";

/** The installed browser; undefined when there is none. */
export const CHROMIUM = findChromium();

function findChromium(): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const names = ["chromium", "chromium-browser", "google-chrome"];
  const candidates = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return candidates.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** What a page can be asked. */
export interface OpenPage {
  /** Value of a JavaScript expression in the page, which has to be data. */
  evaluate(expression: string): Promise<unknown>;
}

/** What is opened: the text of a page, in which browser, and how wide, in CSS pixels. */
export interface PageToOpen {
  readonly html: string;
  readonly browser: string;
  readonly width: number;
}

/** Opens a page from a file in a browser without a window, and closes it after `use`. */
export async function withPage<T>(
  { html, browser, width }: PageToOpen,
  use: (page: OpenPage) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "plimsoll-page-"));
  const file = join(folder, "report.html");
  await writeFile(file, html);
  const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--remote-debugging-pipe"];
  const child = spawn(browser, [...flags, `--user-data-dir=${join(folder, "profile")}`, "about:blank"], {
    stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
  });
  try {
    const { send, event } = protocol(child);
    const { targetId } = await send("Target.createTarget", { url: "about:blank" });
    const { sessionId } = await send("Target.attachToTarget", { targetId, flatten: true });
    await send(
      "Emulation.setDeviceMetricsOverride",
      { width, height: 800, deviceScaleFactor: 1, mobile: false },
      sessionId,
    );
    await send("Page.enable", {}, sessionId);
    const loaded = event("Page.loadEventFired");
    await send("Page.navigate", { url: pathToFileURL(file).href }, sessionId);
    await loaded;
    const evaluate = async (expression: string) => {
      const parameters = { expression, returnByValue: true, awaitPromise: true };
      const answer = await send("Runtime.evaluate", parameters, sessionId);
      return answer["exceptionDetails"] === undefined ? answer["result"]?.["value"] : Promise.reject(answer);
    };
    return await use({ evaluate });
  } finally {
    const ended = new Promise((resolve) => child.once("close", resolve));
    child.kill("SIGKILL");
    await ended;
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

// The answers of the protocol are what each command documents; the tests name the few fields that they read.
// biome-ignore lint/suspicious/noExplicitAny: data of another program
type Answer = Record<string, any>;

interface Protocol {
  send(method: string, params: object, sessionId?: unknown): Promise<Answer>;
  /** Resolves when an event of that name comes next. */
  event(method: string): Promise<void>;
}

/**
 * Commands through the pipe of the browser: JSON, each message ended by a NUL.
 *
 * @see https://chromedevtools.github.io/devtools-protocol/
 */
function protocol(child: ChildProcess): Protocol {
  const [, , , input, output] = child.stdio as [null, null, null, Writable, Readable];
  const waiting = new Map<number, { resolve: (answer: Answer) => void; reject: (reason: Error) => void }>();
  const expected = new Map<string, () => void>();
  let rest = "";
  let count = 0;
  output.setEncoding("utf8").on("data", (text: string) => {
    const messages = (rest + text).split("\0");
    rest = messages.pop() ?? "";
    for (const message of messages) {
      const { id, result, error, method } = JSON.parse(message);
      if (method !== undefined) expected.get(method)?.();
      const asked = waiting.get(id);
      waiting.delete(id);
      if (error === undefined) asked?.resolve(result);
      else asked?.reject(new Error(error.message));
    }
  });
  child.on("close", () => {
    for (const { reject } of waiting.values()) reject(new Error("the browser ended"));
  });
  return {
    event: (method) => new Promise((resolve) => expected.set(method, resolve)),
    send: (method, params, sessionId) =>
      new Promise((resolve, reject) => {
        count += 1;
        waiting.set(count, { resolve, reject });
        input.write(`${JSON.stringify({ id: count, method, params, sessionId })}\0`);
      }),
  };
}
