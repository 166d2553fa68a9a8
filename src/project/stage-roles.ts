import type { RoleName } from "../data/roles.js";

// `build`, `builder`, `runner`, `runtime`, `release` and the like are ordinary names of stages and say nothing.
const WORDS = {
  development: "dev devel develop development debug local watch hotreload devcontainer",
  test: "test tests testing e2e integration lint unit qa bench",
  ci: "ci cicd",
  production: "prod production",
} as const satisfies Record<RoleName, string>;

const ROLE_OF_WORD: ReadonlyMap<string, RoleName> = new Map([
  ...entries("development"),
  ...entries("test"),
  ...entries("ci"),
  ...entries("production"),
]);

/** The role that the name of a stage states, by its last telling word; undefined when no word has one. */
export function roleOfStageName(name: string): RoleName | undefined {
  let found: RoleName | undefined;
  for (const word of name.toLowerCase().split(/[._-]+/)) found = ROLE_OF_WORD.get(word) ?? found;
  return found;
}

function entries(role: RoleName): readonly (readonly [string, RoleName])[] {
  return WORDS[role].split(" ").map((word) => [word, role] as const);
}
