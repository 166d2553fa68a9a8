import { expect, test } from "vitest";
import { parseDockerfile } from "../../src/dockerfile/parse.js";
import { Source, textOf } from "../../src/text/source.js";

function problems(...lines: readonly string[]): readonly (readonly [string, string])[] {
  const file = parseDockerfile(new Source("Dockerfile", lines.join("\n")));
  return file.problems.map(({ kind, range }) => [kind, textOf(range)]);
}

test.each<readonly [string, string, string]>([
  ["FROM a b", "arguments", "b"],
  ["FROM a b c", "arguments", "b"],
  ["FROM a AS", "arguments", "AS"],
  ["FROM a AS b c", "arguments", "c"],
  ["FROM", "arguments", "FROM"],
  ["USER", "arguments", "USER"],
  ["WORKDIR ", "arguments", "WORKDIR"],
  ["COPY", "arguments", "COPY"],
  ["ADD a", "arguments", "ADD"],
  ["ENV", "arguments", "ENV"],
  ["ARG", "arguments", "ARG"],
  ["EXPOSE", "arguments", "EXPOSE"],
  ["VOLUME", "arguments", "VOLUME"],
  ['VOLUME ["/a", ""]', "arguments", '""'],
  ["SHELL []", "arguments", "SHELL"],
  ["ONBUILD", "arguments", "ONBUILD"],
  ["ONBUILD USER", "arguments", "USER"],
  ["HEALTHCHECK", "arguments", "HEALTHCHECK"],
  ["HEALTHCHECK NONE x", "arguments", "x"],
  ["HEALTHCHECK CMD", "arguments", "CMD"],
  ["HEALTHCHECK curl x", "arguments", "curl"],
  ["ENV a", "key-value", "a"],
  ["ENV a=1 b", "key-value", "b"],
  ["ENV =1", "key-value", "=1"],
  ["ARG =1", "key-value", "=1"],
  ['LABEL a="b', "key-value", '"b'],
  ["ENV a it's", "key-value", "'s"],
  ["WORKDIR '/a", "substitution", "'/a"],
  ["ENV a=${b^^}c", "substitution", "${b^^}"],
  ["COPY ${} /x", "substitution", "${}"],
  ["EXPOSE ${PORT", "substitution", "${PORT"],
  ["FROM ${IMAGE", "substitution", "${IMAGE"],
  ["CMD [1]", "json", "[1]"],
  ['HEALTHCHECK CMD ["a", null]', "json", '["a", null]'],
  ['COPY [["a"], "b"]', "json", '[["a"], "b"]'],
  ["COPY a <<EOF\nEOF", "heredoc", "<<EOF"],
  ["CMD cat <<EOF\nEOF", "heredoc", "cat <<EOF"],
  ["COPY <<EOF /x\n${a^^}\nEOF", "substitution", "${a^^}"],
  ["RUN a\0b", "encoding", "\0"],
])("`%s` has a problem of kind %s at `%s`", (line, kind, text) => {
  expect(problems("FROM scratch", line)).toEqual([[kind, text]]);
});

test.each([
  "RUN",
  "RUN <<EOF\nEOF",
  "CMD",
  "ENTRYPOINT []",
  "HEALTHCHECK none",
  "FROM a as b",
  "ENV a=",
  "ENV a= b=c",
  "ENV a b=c",
  "RUN echo ${a^^} it's",
  "CMD echo ${}",
  "MAINTAINER Ann O'Hara",
  "MAINTAINER ${x^^}",
  "SHELL sh -c",
  "CMD ['a']",
  "RUN [ -f x ]",
  "COPY [a-c]* /x",
  "COPY <<'EOF' /x\n${a^^}\nEOF",
  "FRMO x",
  'LABEL a=\\"b',
])("`%s` has none", (line) => {
  expect(problems("FROM scratch", line)).toEqual([]);
});

test("a line over the limit of the builder is a problem, one at the limit is none", () => {
  const limit = 65_535 - "RUN ".length;

  expect(problems("FROM a", `RUN ${"x".repeat(limit)}`)).toEqual([]);
  expect(problems("FROM a", `RUN ${"x".repeat(limit - 1)}é`).map(([kind]) => kind)).toEqual(["encoding"]);
});

test("no message repeats a value, and each is short enough for one line", () => {
  const file = parseDockerfile(
    new Source(
      "Dockerfile",
      `FROM a\nENV TOKEN="s3cr3t\nLABEL a=1 s3cr3t\nENV A=\${${"X".repeat(300)}^^}\nHEALTHCHECK ${"y".repeat(300)}`,
    ),
  );
  const messages = file.problems.map(({ message }) => message);

  expect(messages.length).toBe(4);
  expect(messages.filter((message) => message.includes("s3cr3t") || message.length > 100)).toEqual([]);
});

test("problems come in the order of their places", () => {
  expect(problems("FROM a b", "USER", "RUN <<X")).toEqual([
    ["arguments", "b"],
    ["arguments", "USER"],
    ["heredoc", "<<X"],
  ]);
});
