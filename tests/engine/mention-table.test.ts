import fc from "fast-check";
import { expect, test } from "vitest";
import { MentionTable } from "../../src/engine/mentions.js";

function tableOf(...words: readonly string[]) {
  return new MentionTable([{ mentions: { dockerfile: words } }]);
}

function foundBy(words: readonly string[], text: string): readonly string[] {
  const table = tableOf(...words);
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

test("a word that two rules wait for has one number", () => {
  const table = new MentionTable([{ mentions: { dockerfile: ["arg"], compose: ["arg"] } }, { mentions: undefined }]);

  expect(table.numbersOf(["arg", "arg"])).toEqual([0, 0]);
  expect([...table.find("ARG")]).toEqual([1]);
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
