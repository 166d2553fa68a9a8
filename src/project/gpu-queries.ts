import type { Invocation } from "../shell/model.js";
import type { Range } from "../text/source.js";
import type { RunView } from "./model.js";

/** A question for a GPU in a RUN whose answer decides whether the step succeeds. */
export interface GpuQuery {
  /** The command, or the call with its opening parenthesis; with the closing one where nothing is between. */
  readonly range: Range;
  /** Name of the command or of the function. */
  readonly what: string;
  /** Whether it is a command of the driver, not a call of a library. */
  readonly isTool: boolean;
}

const TOOLS: ReadonlySet<string> = new Set(["nvidia-smi", "nvidia-debugdump", "nvidia-persistenced", "rocm-smi"]);
const CALLS = [
  "torch.cuda.is_available",
  "torch.cuda.device_count",
  "torch.cuda.get_device_name",
  "torch.cuda.current_device",
  "tf.test.is_gpu_available",
  "tf.config.list_physical_devices",
] as const;

/** Questions for a GPU in a step that is given none and would not mind the answer otherwise; in source order. */
export function* gpuQueriesIn(run: RunView): Iterable<GpuQuery> {
  if (run.instruction.flags.some(({ name }) => name === "device")) return;
  for (const invocation of run.commands) {
    const { name, nameRange, isTolerated, onlyIf } = invocation;
    if (name === undefined || isTolerated || (onlyIf !== "none" && onlyIf !== "loop")) continue;
    if (TOOLS.has(name)) yield { range: nameRange, what: name, isTool: true };
    else if (name.startsWith("python")) yield* callsIn(invocation);
  }
}

function* callsIn({ args, redirects }: Invocation): Iterable<GpuQuery> {
  for (const word of args) {
    yield* callsInText(word.shape, (start, end) => word.rangeAt(start, end));
  }
  for (const redirect of redirects) {
    if (redirect.kind !== "heredoc") continue;
    const { body, bodyRange } = redirect;
    // Where the text is written otherwise than it is read, no part of it has a place of its own.
    const isPlain = bodyRange.end - bodyRange.start === body.length;
    yield* callsInText(body, (start, end) =>
      isPlain ? bodyRange.source.range(bodyRange.start + start, bodyRange.start + end) : bodyRange,
    );
  }
}

function* callsInText(text: string, rangeAt: (start: number, end: number) => Range): Iterable<GpuQuery> {
  for (const what of CALLS) {
    for (let at = text.indexOf(`${what}(`); at !== -1; at = text.indexOf(`${what}(`, at + 1)) {
      // `"cuda" if torch.cuda.is_available() else "cpu"` takes either answer.
      if (
        text
          .slice(Math.max(0, at - 8), at)
          .trimEnd()
          .endsWith("if")
      )
        continue;
      const open = at + what.length + 1;
      yield { range: rangeAt(at, text[open] === ")" ? open + 1 : open), what, isTool: false };
    }
  }
}
