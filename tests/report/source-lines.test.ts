import { expect, test } from "vitest";
import { sourceLines } from "../../src/report/source-lines.js";
import { Source } from "../../src/text/source.js";

/** What is shown of the text between `«` and `»`: marked pieces in the same signs. `hidden` is masked wherever it stands. */
function shown(marked: string, hidden = "hunter2"): readonly string[] {
  const start = marked.indexOf("«");
  const end = marked.indexOf("»") - 1;
  const source = new Source("Dockerfile", marked.replace(/[«»]/g, ""));
  const masked = [...source.text.matchAll(new RegExp(hidden, "g"))].map(({ index, 0: { length } }) =>
    source.range(index, index + length),
  );
  return sourceLines(source.range(start, end), masked).map(
    ({ line, pieces }) => `${line} ${pieces.map(({ text, isMarked }) => (isMarked ? `«${text}»` : text)).join("")}`,
  );
}

test.each<[string, string, readonly string[]]>([
  ["one word", "A\nB «C» D\nE\nF\n", ["1 A", "2 B «C» D", "3 E"]],
  ["the first line", "«A» B\nC\n", ["1 «A» B", "2 C"]],
  ["blank lines around", "A\n\n«B»\n\nC\n", ["3 «B»"]],
  ["several lines", "A «B\nC» D\n", ["1 A «B»", "2 «C» D"]],
  ["a line break at the end", "«A\n»B\nC\n", ["1 «A»", "2 B"]],
  ["nothing in an empty file", "«»", ["1 "]],
  ["an insertion point", "A\nB«» C\n", ["1 A", "2 B C"]],
  ["a secret beside the range", "ENV «T»=hunter2\nX hunter2\n", ["1 ENV «T»=********", "2 X ********"]],
  ["a secret inside of the range", "«ENV T=hunter2 U=1»\n", ["1 «ENV T=»«********»« U=1»"]],
  ["a secret that begins before the range", "xhun«ter2 y»\n", ["1 x«********»« y»"]],
  ["control characters", "A\u001b[1m «B\tC»\n", ["1 A\\x1b[1m «B C»"]],
])("%s", (_, marked, expected) => {
  expect(shown(marked)).toEqual(expected);
});

test("of a long range the first twelve lines are shown, and the one after", () => {
  expect(shown(`«${"RUN x\n".repeat(40)}»`).map((line) => line.split(" ")[0])).toEqual([
    ..."123456789",
    "10",
    "11",
    "12",
    "13",
  ]);
});

test("of a long line the part around the range is shown, and secrets at its edges are hidden as a whole", () => {
  const secret = `s${"e".repeat(300)}t`;
  const [line = ""] = shown(`${"a".repeat(900)}${secret}${"b".repeat(10)}«c»${"d".repeat(900)}`, secret);

  expect(line).toBe(`1 …********${"b".repeat(10)}«c»${"d".repeat(400 - secret.length - 11)}…`);
});
