import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { removeWords } from "../../src/project/word-edits.js";
import { Source } from "../../src/text/source.js";

/** The text after the word in brackets is taken out. */
function without(marked: string): string {
  const start = marked.indexOf("«");
  const end = marked.indexOf("»") - 1;
  const text = marked.replace("«", "").replace("»", "");
  const source = new Source("Dockerfile", text);
  const { range, text: inserted } = removeWords(source.range(start, end));
  return text.slice(0, range.start) + inserted + text.slice(range.end);
}

describe("removeWords", () => {
  const cases = [
    ["takes the blank in front of a word", "RUN apk add «--force» curl", "RUN apk add curl"],
    ["takes the last word", "RUN apk add curl «git»", "RUN apk add curl"],
    [
      "takes a line of a list",
      "RUN apk add \\\n    curl \\\n    «git» \\\n    jq",
      "RUN apk add \\\n    curl \\\n    jq",
    ],
    [
      "ends the line above when the last one goes",
      "RUN apk add \\\n    curl \\\n    «git»\n",
      "RUN apk add \\\n    curl\n",
    ],
    ["keeps what shares the line", "RUN apk add \\\n    «git» jq", "RUN apk add \\\n    jq"],
    ["knows Windows line breaks", "RUN apk add \\\r\n    «git» \\\r\n    jq", "RUN apk add \\\r\n    jq"],
    ["takes the backtick for an escape", "RUN apk add `\n  curl `\n  «git»", "RUN apk add `\n  curl"],
  ] as const;

  test.each(cases)("%s", (_, marked, expected) => {
    expect(without(marked)).toBe(expected);
  });

  test("takes everything between two words", () => {
    const source = new Source("Dockerfile", "RUN apt-get -o A=b update");

    expect(removeWords(source.range(12, 14), source.range(15, 18))).toEqual({ range: source.range(11, 18), text: "" });
  });
});

test("property: what is removed holds the word, and lies in the text", () => {
  const pieces = fc.array(fc.constantFrom("a", " ", "\t", "\\", "`", "\n", "\r\n"), { maxLength: 20 });
  fc.assert(
    fc.property(pieces, pieces, (before, after) => {
      const head = before.join("");
      const source = new Source("Dockerfile", `${head}word${after.join("")}`);
      const { range } = removeWords(source.range(head.length, head.length + 4));

      expect(range.start).toBeLessThanOrEqual(head.length);
      expect(range.end).toBeGreaterThanOrEqual(head.length + 4);
    }),
  );
});
