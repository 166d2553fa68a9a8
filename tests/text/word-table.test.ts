import fc from "fast-check";
import { expect, test } from "vitest";
import { WordTable } from "../../src/text/word-table.js";

function foundBy(words: readonly string[], text: string): readonly string[] {
  const table = new WordTable(words);
  const found = table.find(text);
  const numbers = table.numbersOf(words);
  return words.filter((_, index) => found[numbers[index] ?? -1] === 1);
}

test("words are found inside of longer words and in any case", () => {
  expect(foundBy(["pip", "npm", "apt"], "RUN /usr/bin/PIP3 install x")).toEqual(["pip"]);
});

test("words that begin alike are told apart", () => {
  expect(foundBy(["copy", "cop", "copies", "co"], "COPY . .")).toEqual(["copy", "cop", "co"]);
});

test("single characters and words outside of ASCII are found", () => {
  expect(foundBy(["$", "é", "!"], "echo $É")).toEqual(["$", "é"]);
});

test("an empty text holds no word", () => {
  expect(foundBy(["a", "ab"], "")).toEqual([]);
});

test("a word that is given twice has one number, and one that is not given none", () => {
  const table = new WordTable(["arg", "arg"]);

  expect(table.numbersOf(["arg", "arg", "env"])).toEqual([0, 0, -1]);
  expect([...table.find("ARG")]).toEqual([1]);
});

test("a text that holds one of many words is told from one that holds none", () => {
  const table = new WordTable(["secret", "token"]);

  expect(["a TOKEN", "a tok en", ""].map((text) => table.holdsAny(text))).toEqual([true, false, false]);
});

test("property: what is found is what the text in lower case includes", () => {
  const word = fc.string({ unit: fc.constantFrom("a", "b", "-", "é"), minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(
      fc.uniqueArray(word, { maxLength: 12 }),
      fc.string({ unit: fc.constantFrom("a", "A", "b", "-", "é", "\n"), maxLength: 40 }),
      (words, text) => {
        const lower = text.toLowerCase();
        expect(foundBy(words, text)).toEqual(words.filter((each) => lower.includes(each)));
      },
    ),
  );
});

test("a table that is exact tells cases apart", () => {
  const table = new WordTable(["SK", "sk-", "é"], { isExact: true });

  expect(["SKIP", "task", "task-", "É", "é"].map((text) => table.holdsAny(text))).toEqual([
    true,
    false,
    true,
    false,
    true,
  ]);
});
