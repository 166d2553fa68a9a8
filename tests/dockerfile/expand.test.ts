import { describe, expect, test } from "vitest";
import { type Binding, expandText } from "../../src/dockerfile/expand.js";

const VALUES: ReadonlyMap<string, string> = new Map([
  ["name", "node"],
  ["empty", ""],
  ["path", "/usr/local/lib/node"],
  ["file", "app.tar.gz"],
  ["1", "one"],
]);

/** `unknown` is unknown, names of the table are known, all others are unset. */
function lookup(name: string): Binding {
  const value = VALUES.get(name);
  if (value !== undefined) return { kind: "known", value, origin: undefined };
  return name === "unknown" ? { kind: "unknown", origin: undefined } : { kind: "unset" };
}

test.each([
  ["plain", "plain"],
  ["$name:22", "node:22"],
  ["${name}js", "nodejs"],
  ["$namejs", ""],
  ["a$", "a$"],
  ["a$.b", "a$.b"],
  ["$1x", "onex"],
  ["\\$name", "$name"],
  ["'$name'", "$name"],
  ['"$name"', "node"],
  ['"a \\"b\\" \\n"', 'a "b" \\n'],
  ["'it'\\''s'", "it's"],
  ["a\\ b", "a b"],
  ["${missing:-default}", "default"],
  ["${empty:-default}", "default"],
  ["${empty-default}", ""],
  ["${name:-default}", "node"],
  ["${missing:-$name/${missing:-deep}}", "node/deep"],
  ["${missing:-'}'}", "}"],
  ["${name:+set}", "set"],
  ["${empty:+set}", ""],
  ["${empty+set}", "set"],
  ["${missing+set}", ""],
  ["${name:?absent}", "node"],
  ["${path#/*/}", "local/lib/node"],
  ["${path##*/}", "node"],
  ["${file%.*}", "app.tar"],
  ["${file%%.*}", "app"],
  ["${file%.z}", "app.tar.gz"],
  ["${path/lib/share}", "/usr/local/share/node"],
  ["${path//l/L}", "/usr/LocaL/Lib/node"],
  ["${path/\\/usr/}", "/local/lib/node"],
  ["${file/?tar/.zip}", "app.zip.gz"],
])("%s is worth `%s`", (raw, expected) => {
  const { kind, value, problem } = expandText(raw, "\\", lookup);

  expect([kind, value, problem]).toEqual([expected === "" ? "empty" : "known", expected, undefined]);
});

test("a backtick escapes in place of the backslash when the file says so", () => {
  expect(expandText("C:\\a`$name", "`", lookup).value).toBe("C:\\a$name");
});

test("quotes are text in the body of a heredoc", () => {
  expect(expandText('it\'s "$name"', "\\", lookup, "keep").value).toBe('it\'s "node"');
});

describe("unknown values", () => {
  test("what is certain of a value stays beside the place of what is not", () => {
    const { kind, value, pieces } = expandText("a/$name:${unknown}-b", "\\", lookup);

    expect([kind, value, pieces]).toEqual([
      "unknown",
      "",
      [
        { kind: "text", text: "a/node:" },
        { kind: "hole", name: "unknown" },
        { kind: "text", text: "-b" },
      ],
    ]);
  });

  test.each(["${unknown:-x}", "${unknown:+x}", "${unknown#x}", "${unknown/a/b}", "${name%$unknown}"])(
    "%s is unknown",
    (raw) => {
      expect(expandText(raw, "\\", lookup).kind).toBe("unknown");
    },
  );
});

test("every variable is listed with its place and what came of it, a default behind the name it serves", () => {
  const { uses } = expandText("$name ${missing:-${empty}} $unknown", "\\", lookup);

  expect(uses.map(({ name, start, end, outcome, hasDefault }) => [name, start, end, outcome, hasDefault])).toEqual([
    ["name", 0, 5, "known", false],
    ["missing", 6, 26, "unset", true],
    ["empty", 17, 25, "empty", false],
    ["unknown", 27, 35, "unknown", false],
  ]);
});

test.each([
  ["${", "brace", "}"],
  ["${name", "brace", "}"],
  ["${name:-x", "brace", "}"],
  ["${name/x}", "brace", "/"],
  ["${}", "empty-name", ""],
  ["${:-x}", "empty-name", ""],
  ["${name^^}", "modifier", "^"],
  ["${name:0:3}", "modifier", ":0"],
  ["${name:#x}", "modifier", ":#"],
  ["${missing:?give one}", "required", "give one"],
  ["${empty:?}", "required", ""],
  ["${name#\\a}", "pattern", "\\a"],
  ["'open", "quote", "'"],
  ['"open', "quote", '"'],
])("the builder refuses %s", (raw, kind, detail) => {
  const { kind: outcome, problem } = expandText(raw, "\\", lookup);

  expect([outcome, problem?.kind, problem?.detail]).toEqual(["unknown", kind, detail]);
});

test("values that grow without bound become unknown", () => {
  let value = "a".repeat(40_000);
  const grow = (): Binding => ({ kind: "known", value, origin: undefined });
  value = expandText("$x$x$x", "\\", grow).value;

  expect(value).toBe("");
});

test("substitutions nested without end are refused and exhaust nothing", () => {
  expect(expandText("${x:-".repeat(50_000), "\\", lookup).problem?.kind).toBe("depth");
});
