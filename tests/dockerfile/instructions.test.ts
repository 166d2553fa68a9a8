import { describe, expect, test } from "vitest";
import type { Instruction } from "../../src/dockerfile/model.js";
import { parseDockerfile } from "../../src/dockerfile/parse.js";
import { Source, textOf } from "../../src/text/source.js";

/** The instruction below a FROM. */
function read(line: string): Instruction {
  const [, instruction] = parseDockerfile(new Source("Dockerfile", `FROM a\n${line}`)).instructions;
  if (instruction === undefined) throw new Error(`no instruction in ${line}`);
  return instruction;
}

function raws(line: string): readonly string[] {
  return read(line).words.map((word) => word.raw);
}

test.each<readonly [string, Instruction["form"], readonly string[]]>([
  ["RUN a && b", "shell", ["a && b"]],
  ['RUN ["a", "b c"]', "json", ["a", "b c"]],
  ['CMD [ "a" , "b" ] ', "json", ["a", "b"]],
  ["CMD []", "json", []],
  ["CMD", "none", []],
  ["CMD ['a']", "shell", ["['a']"]],
  ['CMD ["a"] && b', "shell", ['["a"] && b']],
  ['CMD ["a",]', "shell", ['["a",]']],
  ['ENTRYPOINT ["a\\tb", "\\u00e9"]', "json", ["a\tb", "é"]],
  ["HEALTHCHECK none", "none", ["none"]],
  ["HEALTHCHECK --interval=5s CMD curl -f x", "shell", ["CMD", "curl -f x"]],
  ['HEALTHCHECK CMD ["curl", "x"]', "json", ["CMD", "curl", "x"]],
  ['COPY ["a b", "/c"]', "json", ["a b", "/c"]],
  ["COPY a\tb  /c", "shell", ["a", "b", "/c"]],
  ["VOLUME /a /b", "shell", ["/a", "/b"]],
  ["EXPOSE 80 443/tcp", "none", ["80", "443/tcp"]],
  ["WORKDIR /a b", "none", ["/a b"]],
  ["MAINTAINER Ann <a@b.c>", "none", ["Ann <a@b.c>"]],
  ["FRMO a b", "none", ["a b"]],
])("the words of `%s` are those of the builder", (line, form, words) => {
  expect([read(line).form, raws(line)]).toEqual([form, words]);
});

describe("flags", () => {
  function flags(line: string): readonly unknown[] {
    return read(line).flags.map(({ name, value, range }) => [name, value?.raw, textOf(range)]);
  }

  test.each<readonly [string, readonly unknown[], readonly string[]]>([
    [
      "COPY --from=b --link x y",
      [
        ["from", "b", "--from=b"],
        ["link", undefined, "--link"],
      ],
      ["x", "y"],
    ],
    ["COPY --chown='a b':c x y", [["chown", "a b:c", "--chown='a b':c"]], ["x", "y"]],
    ["COPY --chown=a\\ b x y", [["chown", "a b", "--chown=a\\ b"]], ["x", "y"]],
    ["COPY x --from=b y", [], ["x", "--from=b", "y"]],
    ["COPY -- --x y", [], ["--x", "y"]],
    ["COPY --from= x y", [["from", "", "--from="]], ["x", "y"]],
    ["COPY -x y", [], ["-x", "y"]],
  ])("`%s`", (line, expected, words) => {
    expect([flags(line), raws(line)]).toEqual([expected, words]);
  });

  test("the range of a value holds its quotes, that of the name its dashes", () => {
    const [flag] = read("COPY --chown='a b' x y").flags;

    expect(flag?.valueRange === undefined ? [] : [textOf(flag.nameRange), textOf(flag.valueRange)]).toEqual([
      "--chown",
      "'a b'",
    ]);
  });
});

test("mounts are taken apart into keys and values with their places", () => {
  const run = read("RUN --mount=target=/c,id=x --mount=type=secret,DST=/s,required cmd");
  const mounts = run.keyword === "RUN" ? run.mounts : [];

  expect(
    mounts.map(({ type, target, id, entries }) => [
      type,
      target?.raw,
      id?.raw,
      entries.map(({ key, value, range }) => [key, value?.raw, textOf(range)]),
    ]),
  ).toEqual([
    [
      "bind",
      "/c",
      "x",
      [
        ["target", "/c", "target=/c"],
        ["id", "x", "id=x"],
      ],
    ],
    [
      "secret",
      "/s",
      undefined,
      [
        ["type", "secret", "type=secret"],
        ["dst", "/s", "DST=/s"],
        ["required", undefined, "required"],
      ],
    ],
  ]);
});

test.each<readonly [string, readonly (readonly [string, string | undefined])[]]>([
  [
    "ENV a=1 b=2",
    [
      ["a", "1"],
      ["b", "2"],
    ],
  ],
  [
    'ENV a="x y" b=it\\ s',
    [
      ["a", '"x y"'],
      ["b", "it\\ s"],
    ],
  ],
  ["ENV a b=c  d", [["a", "b=c  d"]]],
  ["LABEL a", []],
  ['LABEL "a b"="c"', [['"a b"', '"c"']]],
  ["ENV a=b=c", [["a", "b=c"]]],
  [
    "ARG a b=1 c=",
    [
      ["a", undefined],
      ["b", "1"],
      ["c", ""],
    ],
  ],
])("the pairs of `%s`", (line, expected) => {
  const instruction = read(line);
  const pairs = "pairs" in instruction ? instruction.pairs : [];

  expect(pairs.map(({ key, value }) => [key.raw, value?.raw])).toEqual(expected);
});

test("FROM has an image, a name in any case, and a platform", () => {
  const [from] = parseDockerfile(
    new Source("Dockerfile", "FROM --platform=$BUILDPLATFORM node:22 as Build"),
  ).instructions;

  expect(from?.keyword === "FROM" ? [from.image?.raw, from.alias?.raw, from.platform?.value?.raw] : []).toEqual([
    "node:22",
    "Build",
    "$BUILDPLATFORM",
  ]);
});

test("sources of COPY are paths or heredocs, the last word is the destination", () => {
  const copy = read("COPY <<A b /c/\nx\nA");

  expect(
    copy.keyword === "COPY"
      ? [copy.sources.map((source) => [source.kind, source.word.raw]), copy.destination?.raw]
      : [],
  ).toEqual([
    [
      ["heredoc", "<<A"],
      ["path", "b"],
    ],
    "/c/",
  ]);
});

test("a trigger is an instruction with flags and ranges of its own", () => {
  const onbuild = read("ONBUILD COPY --from=b \\\n  x y");
  const trigger = onbuild.keyword === "ONBUILD" ? onbuild.trigger : undefined;

  expect(
    trigger?.keyword === "COPY"
      ? [trigger.from?.value?.raw, trigger.isTrigger, textOf(trigger.keywordRange), textOf(trigger.range)]
      : [],
  ).toEqual(["b", true, "COPY", "COPY --from=b \\\n  x y"]);
});

test("a word that a continuation breaks has one range over both lines", () => {
  const workdir = read("WORKDIR /a\\\nb");

  expect(workdir.words.map((word) => [word.raw, textOf(word.range)])).toEqual([["/ab", "/a\\\nb"]]);
});

test("a stretch of a decoded JSON string leads back to its escapes", () => {
  const [word] = read('CMD ["a\\"b\\u0041c"]').words;

  expect(
    word === undefined
      ? []
      : [word.raw, textOf(word.rangeOf(1, 2)), textOf(word.rangeOf(3, 4)), textOf(word.innerRange)],
  ).toEqual(['a"bAc', '\\"', "\\u0041", 'a\\"b\\u0041c']);
});

test.each([
  ["/plain", "/plain"],
  ["'/quo'ted", "/quoted"],
  ["/a\\ b", "/a b"],
  ["/$x", undefined],
  ["/\\$x", "/$x"],
  ['"open', undefined],
])("the literal value of %s", (raw, expected) => {
  expect(read(`WORKDIR ${raw}`).words[0]?.literal).toBe(expected);
});
