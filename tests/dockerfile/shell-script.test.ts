import { describe, expect, test } from "vitest";
import type { ShellScript } from "../../src/dockerfile/command-text.js";
import { parseDockerfile } from "../../src/dockerfile/parse.js";
import { SegmentMap } from "../../src/text/segment-map.js";
import { Source, textOf } from "../../src/text/source.js";

function scriptOf(source: Source): ShellScript {
  const run = parseDockerfile(source).instructions.at(-1);
  if (run?.keyword !== "RUN" || run.command.kind !== "shell")
    throw new Error("the last instruction is no RUN in shell form");
  return run.command.script;
}

function script(...lines: readonly string[]): ShellScript {
  return scriptOf(new Source("Dockerfile", `FROM a\n${lines.join("\n")}`));
}

test.each([
  ["one line", ["RUN a && b"], "a && b"],
  ["flags are not part of it", ["RUN --mount=type=ssh --network=none a"], "a"],
  ["a continuation is blank", ["RUN a \\", " && b"], "a    && b"],
  ["blanks behind the escape are blank", ["RUN a \\ ", "b"], "a    b"],
  ["comment lines and blank lines are blank", ["RUN a \\", "# c", "", " b"], `a ${" ".repeat(2 + 4 + 1)} b`],
  ["a word broken by an even number of characters is whole to a shell", ["RUN ec\\", "ho"], "ec\\\nho"],
  ["a word broken by an odd number of characters loses them", ["RUN ec\\ ", "ho"], "echo"],
  ["the escape is the one of the file elsewhere too", ["RUN a \\n b\\\\"], "a \\n b\\\\"],
])("%s", (_name, lines, expected) => {
  expect(script(...lines).text).toBe(expected);
});

test.each([
  ["&& b", ["RUN a \\", "  # c", " && b"]],
  ["echo", ["RUN x \\ ", "&& ec\\ ", "ho"]],
])("the place of `%s` in the script leads back to it", (text, lines) => {
  const { text: whole, toRange } = script(...lines);
  const start = whole.indexOf(text);

  expect(textOf(toRange(start, start + text.length)).replace(/\\\s*/g, "")).toBe(text);
});

describe("a comment on a joined line", () => {
  test("takes the rest with it", () => {
    const { text, swallowed } = script("RUN a # why \\", " && rm -rf b");

    expect(text.trimEnd()).toBe("a");
    expect(swallowed === undefined ? [] : [textOf(swallowed.range), swallowed.hasCode]).toEqual([
      "# why \\\n && rm -rf b",
      true,
    ]);
  });

  test("at the end of the last line takes no code", () => {
    expect(script("RUN a \\", " && b # why").swallowed).toMatchObject({ hasCode: false });
  });

  test.each([
    "RUN echo a#b",
    "RUN echo '# a' \"# b\" \\# c",
    "RUN echo ${#x} $#",
    "RUN echo $'it\\'s # no'",
    "RUN a &&\\\n#comment\n b",
  ])("%s has none", (line) => {
    expect(script(line).swallowed).toBeUndefined();
  });
});

describe("heredocs", () => {
  test("follow the line with their ends, as a shell reads them", () => {
    const { kind, text, heredocs } = script("RUN cat <<A >x \\", " && cat <<-'B'", "$a", "A", "\tb", "\tB");

    expect([kind, text]).toEqual(["line", "cat <<A >x    && cat <<-'B'\n$a\nA\n\tb\n\tB"]);
    expect(
      heredocs.map(({ name, expand, chomp, start, end }) => [name, expand, chomp, text.slice(start, end)]),
    ).toEqual([
      ["A", true, false, "$a\n"],
      ["B", false, true, "\tb\n"],
    ]);
  });

  test("alone are the script, with the line that names an interpreter", () => {
    const { kind, text, shebang } = script("RUN <<'EOF'", "#!/usr/bin/env bash", "# c", "a \\", "  b", "EOF");

    expect([kind, text, shebang]).toEqual(["body", "#!/usr/bin/env bash\n# c\na \\\n  b\n", "#!/usr/bin/env bash"]);
  });

  test("lose the tabs that <<- drops, and places still lead back", () => {
    const { text, toRange } = script("RUN <<-EOF", "\ta", "\t\tbc", "\tEOF");
    const range = toRange(text.indexOf("c"), text.indexOf("c") + 1);

    expect([text, textOf(range), range.start]).toEqual(["a\nbc\n", "c", 24]);
  });

  test("end for the shell where they end for the builder when lines end in CR LF", () => {
    expect(script("RUN cat <<EOF\r", "a\r", "EOF\r", "").text).toBe("cat <<EOF \na \nEOF\n\n");
  });
});

test("places of a script inside an embedded Dockerfile lead to the host", () => {
  const host = new Source("compose.yaml", "inline: |\n  FROM a\n  RUN b && c\n");
  const map = new SegmentMap([
    { inner: 0, outer: 12, length: 7, outerLength: 7 },
    { inner: 7, outer: 21, length: 11, outerLength: 11 },
  ]);
  const { text, toRange } = scriptOf(new Source("compose.yaml", "FROM a\nRUN b && c\n", { embedding: { host, map } }));
  const start = text.indexOf("c");
  const range = toRange(start, start + 1);

  expect([range.source.path, textOf(range), range.source === host]).toEqual(["compose.yaml", "c", true]);
});
