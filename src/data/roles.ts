/** What a file or service is for; decides which rules apply and how loudly. */
export type RoleName = "production" | "development" | "test" | "ci";

/** A role, and whether something says it (`stated`) or it is assumed because nothing does. */
export interface Role {
  readonly name: RoleName;
  readonly stated: boolean;
}

/** What is taken for granted when no name, comment or profile says otherwise. */
export const ASSUMED_ROLE: Role = { name: "production", stated: false };

// Words as people use them in names of Dockerfiles, Compose files, folders and profiles. Own collection, 2026-11.
const WORDS = {
  production:
    "prod production dist runtime live release deploy deployment staging stage preprod uat swarm hardened server",
  development:
    "dev devel develop development local localhost debug sandbox playground example examples sample demo quickstart watch hotreload devcontainer",
  test: "test tests testing e2e integration it acceptance spec qa perf bench load",
  ci: "ci cicd pipeline runner buildenv github gitlab jenkins buildkite build",
} as const satisfies Record<RoleName, string>;

const ROLE_OF_WORD: ReadonlyMap<string, RoleName> = new Map([
  ...words("production"),
  ...words("development"),
  ...words("test"),
  ...words("ci"),
]);

/** Parts of file names that say what kind of file it is, not what it is for. */
const KIND_WORDS: ReadonlySet<string> = new Set([
  "compose",
  "docker",
  "stack",
  "dockerfile",
  "containerfile",
  "yaml",
  "yml",
]);

const SEPARATORS = /[._-]+/;
const ROLE_COMMENT = /^[ \t]*#[ \t]*plimsoll[ \t]+role=([a-z]+)[ \t]*$/m;

/** The role that one word of a name stands for, whatever its case; undefined for a word without role. */
export function roleOfWord(word: string): RoleName | undefined {
  return ROLE_OF_WORD.get(word.toLowerCase());
}

/**
 * The role that a file name (without folders) states: of several words the last one decides.
 * `override` counts as development when it is the only word; undefined when no word has a role.
 */
export function roleOfFileName(name: string): RoleName | undefined {
  const parts = name.toLowerCase().split(SEPARATORS);
  const telling = parts.filter((part) => part !== "" && !KIND_WORDS.has(part));
  if (telling.length === 1 && telling[0] === "override") return "development";
  return telling.reduce<RoleName | undefined>((role, word) => ROLE_OF_WORD.get(word) ?? role, undefined);
}

/** The role that `# plimsoll role=…` in a text states; undefined without such a comment or with an unknown name. */
export function roleOfComment(text: string): RoleName | undefined {
  if (!text.includes("plimsoll")) return undefined;
  const name = ROLE_COMMENT.exec(text)?.[1];
  return name !== undefined && Object.hasOwn(WORDS, name) ? ROLE_OF_WORD.get(name) : undefined;
}

/**
 * The role of a Dockerfile or Compose file, apart from configuration and profiles: a comment in the file, else words of
 * the file name, else the nearest folder whose whole name is a word; assumed production otherwise.
 *
 * @param path relative to the workspace root, with `/`: folders above the workspace say nothing about the file
 * @param text the file's text, for the comment
 */
export function roleOf(path: string, text = ""): Role {
  const folders = path.split("/");
  const fileName = folders.pop() ?? "";
  const stated = roleOfComment(text) ?? roleOfFileName(fileName) ?? roleOfFolders(folders);
  return stated === undefined ? ASSUMED_ROLE : { name: stated, stated: true };
}

function roleOfFolders(folders: readonly string[]): RoleName | undefined {
  for (let index = folders.length - 1; index >= 0; index -= 1) {
    const folder = folders[index]?.toLowerCase() ?? "";
    const role = ROLE_OF_WORD.get(folder === ".devcontainer" ? "devcontainer" : folder);
    if (role !== undefined) return role;
  }
  return undefined;
}

function words(role: RoleName): readonly (readonly [string, RoleName])[] {
  return WORDS[role].split(" ").map((word) => [word, role] as const);
}
