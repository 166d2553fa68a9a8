import type { KeyValue, Logging } from "../compose/model.js";
import { logOptionsOf } from "../data/log-drivers.js";
import type { Range } from "../text/source.js";
import { parseByteSize } from "../values/byte-size.js";
import { closest } from "../values/closest.js";

/** What an option of a logging driver has wrong. */
export interface LogOptionFlaw {
  /** `refused`: no container is created; `idle`: it does nothing. */
  readonly kind: "refused" | "idle";
  readonly range: Range;
  readonly message: string;
}

/** Options of a driver that is written which the engine refuses, or that do nothing. */
export function* logOptionFlaws({ driver, options }: Logging): Iterable<LogOptionFlaw> {
  const known = driver?.value === undefined ? undefined : logOptionsOf(driver.value);
  if (driver?.value === undefined || known === undefined) return;
  for (const entry of options.entries) {
    if (!known.has(entry.key)) {
      if (entry.key.includes("$")) continue;
      const near = closest(entry.key, known);
      const remedy = near === undefined ? "remove it" : `did you mean \`${near}\``;
      const message = `the driver \`${driver.text}\` has no option \`${entry.key}\`, and refuses it; ${remedy}`;
      yield { kind: "refused", range: entry.keyRange, message };
      continue;
    }
    const message = flawOfValue(entry);
    if (message !== undefined) yield { kind: "refused", range: entry.value?.range ?? entry.range, message };
  }
  yield* flawsOfPairs({ driver, options });
}

function flawOfValue({ key, value }: KeyValue): string | undefined {
  const text = value?.value;
  if (value === undefined || text === undefined) return undefined;
  switch (key) {
    case "max-size":
      if (text === "-1" || parseByteSize(text).kind === "size") return undefined;
      return `\`${value.text}\` is no size; write it as \`10m\``;
    case "max-file":
      if (/^[0-9]+$/.test(text) && Number(text) >= 1) return undefined;
      return `\`${value.text}\` is no number of files; write it as \`"3"\``;
    case "mode":
      if (text === "blocking" || text === "non-blocking") return undefined;
      return `\`${value.text}\` is no mode; use \`blocking\` or \`non-blocking\``;
    case "compress":
      if (/^(?:[01]|[tTfF]|true|True|TRUE|false|False|FALSE)$/.test(text)) return undefined;
      return `\`${value.text}\` is neither \`"true"\` nor \`"false"\``;
    default:
      return undefined;
  }
}

function* flawsOfPairs({ driver, options }: Pick<Logging, "driver" | "options">): Iterable<LogOptionFlaw> {
  const buffer = options.get("max-buffer-size");
  const mode = options.get("mode");
  if (buffer !== undefined && (mode === undefined || mode.value?.value === "blocking")) {
    const message = "`max-buffer-size` is refused without `mode: non-blocking`; set it, or remove this";
    yield { kind: "refused", range: buffer.keyRange, message };
  }
  const compress = options.get("compress");
  if (driver?.value !== "json-file" || compress?.value?.value !== "true") return;
  const files = options.get("max-file");
  const isKnown = files === undefined || files.value?.value !== undefined;
  if (isKnown && (Number(files?.value?.value ?? "1") < 2 || options.get("max-size") === undefined)) {
    const message = "`compress` is refused without `max-size` and a `max-file` of 2 or more; set them";
    yield { kind: "refused", range: compress.keyRange, message };
  }
}
