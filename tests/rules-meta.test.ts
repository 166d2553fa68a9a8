import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { rules } from "../rules/index.js";
import { RESERVED_OPTION_NAMES } from "../src/config/schema.js";
import type { Rule } from "../src/engine/rule.js";

const FAMILIES =
  "stages user images health secrets layers labels context packages shell syntax runtime network compose style".split(
    " ",
  );
const TOOLS =
  "hadolint buildkit dclint trivy checkov kics semgrep tally dockerfile-utils shellcheck compose-lint dockle".split(
    " ",
  );
const REFERENCE = /^(?:https:\/\/\S+|CWE-\d+|CIS \d+(?:\.\d+)*|OWASP #\d+[a-z]?)$/;

test("every id is there once", () => {
  const ids = rules.map(({ id }) => id);

  expect(ids).toEqual([...new Set(ids)].sort());
});

test("a score of security is not the one that is read both as high and as critical", () => {
  expect(rules.filter(({ securitySeverity }) => securitySeverity === 9).map(({ id }) => id)).toEqual([]);
});

for (const rule of rules) {
  describe(rule.id, () => {
    test("is named by its file, in a known family", () => {
      expect(existsSync(`rules/${rule.id}.ts`)).toBe(true);
      expect(FAMILIES).toContain(rule.family);
      expect(rule.id).toMatch(/^[a-z]+\/[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/);
    });

    test("says its promise and its reason in whole sentences of the right form", () => {
      expect(rule.summary).toMatch(/^[A-Z`].{10,118}[^.]$/);
      expect(rule.why.length).toBeGreaterThan(0);
      for (const paragraph of rule.why) expect(paragraph).toMatch(/^[A-Z`"][^\n]*[.:!?]$/);
    });

    test("names aliases of known tools, each once, and well-formed references", () => {
      for (const aliases of aliasesByKind(rule)) {
        expect(aliases).toEqual([...new Set(aliases)]);
        for (const alias of aliases) {
          expect(alias).toMatch(/^[a-z-]+:\S.*$/);
          expect(TOOLS).toContain(alias.slice(0, alias.indexOf(":")));
        }
      }
      for (const reference of rule.references ?? []) expect(reference).toMatch(REFERENCE);
    });

    test("is as fixable as its examples show", () => {
      const { bad } = rule.examples;
      const fixed = bad.filter((example) => example.fixed !== undefined).length;
      expect(rule.fixable).toBe(fixed === 0 ? "never" : fixed === bad.length ? "always" : "sometimes");
    });

    test("has a bad example of every kind that it declares, and names no other kind", () => {
      const declared = Object.keys(rule.kinds ?? {}).sort();
      const shown = new Set(rule.examples.bad.flatMap(({ kind }) => kind ?? []));
      expect([...shown].sort()).toEqual(declared);
    });

    test("has good examples, and no two of one name", () => {
      expect(rule.examples.good.length).toBeGreaterThan(0);
      const names = [...rule.examples.bad, ...rule.examples.good].map(({ name }) => name);
      expect(names).toEqual([...new Set(names)]);
    });

    test("yields to rules by well-formed names, and to kinds that they declare", () => {
      for (const name of [...(rule.yieldsTo ?? []), ...(rule.yieldsOnSubjectTo ?? [])]) {
        expect(name).toMatch(/^[a-z]+\/[a-z0-9-]+(?:#[a-z0-9-]+)?$/);
        const [id, kind] = name.split("#");
        const other = rules.find((candidate) => candidate.id === id);
        if (other !== undefined && kind !== undefined) expect(Object.keys(other.kinds ?? {})).toContain(kind);
      }
    });

    test("declares options that a policy can set", () => {
      for (const name of Object.keys(rule.options ?? {})) {
        expect(name).toMatch(/^[a-z][A-Za-z0-9]*$/);
        expect(RESERVED_OPTION_NAMES).not.toContain(name);
        expect(name).not.toMatch(/^(?:ignore|skip|no)[A-Z]/);
      }
    });
  });
}

/** What a finding of each kind bears; of a rule without kinds, what all its findings bear. */
function aliasesByKind({ aliases = [], kinds = {} }: Rule): readonly (readonly string[])[] {
  return [aliases, ...Object.values(kinds).map((kind) => [...aliases, ...(kind.aliases ?? [])])];
}
