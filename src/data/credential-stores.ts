/** A command that keeps the credentials which it is given in a file. */
export interface CredentialStore {
  readonly program: string;
  /** Words that come first, options aside. */
  readonly verbs: readonly string[];
  /** Where the credentials are kept, for people; `~` is the home of the user. */
  readonly file: string;
  /** Words of the same program that take them away again. */
  readonly undo: readonly (readonly string[])[];
}

const NPM_UNDO = [["config", "delete"], ["config", "rm"], ["config", "unset"], ["logout"]] as const;
const GIT_UNDO = [
  ["remote", "set-url"],
  ["remote", "remove"],
  ["remote", "rm"],
] as const;

/** Commands that store credentials. Sources: documentation of the programs; 2026-11. */
export const CREDENTIAL_STORES: readonly CredentialStore[] = [
  { program: "npm", verbs: ["config", "set"], file: "~/.npmrc", undo: NPM_UNDO },
  { program: "npm", verbs: ["set"], file: "~/.npmrc", undo: NPM_UNDO },
  { program: "npm", verbs: ["login"], file: "~/.npmrc", undo: NPM_UNDO },
  { program: "pnpm", verbs: ["config", "set"], file: "~/.npmrc", undo: NPM_UNDO },
  { program: "yarn", verbs: ["config", "set"], file: "~/.yarnrc", undo: NPM_UNDO },
  { program: "pip", verbs: ["config", "set"], file: "~/.config/pip/pip.conf", undo: [["config", "unset"]] },
  { program: "pip3", verbs: ["config", "set"], file: "~/.config/pip/pip.conf", undo: [["config", "unset"]] },
  { program: "composer", verbs: ["config"], file: "auth.json", undo: [] },
  { program: "git", verbs: ["config"], file: "~/.gitconfig", undo: [["config", "--unset"]] },
  { program: "git", verbs: ["remote", "add"], file: ".git/config", undo: GIT_UNDO },
  { program: "git", verbs: ["remote", "set-url"], file: ".git/config", undo: GIT_UNDO },
  { program: "git", verbs: ["clone"], file: ".git/config", undo: GIT_UNDO },
  { program: "docker", verbs: ["login"], file: "~/.docker/config.json", undo: [["logout"]] },
  { program: "aws", verbs: ["configure", "set"], file: "~/.aws/credentials", undo: [] },
  { program: "gh", verbs: ["auth", "login"], file: "~/.config/gh/hosts.yml", undo: [["auth", "logout"]] },
  { program: "poetry", verbs: ["config"], file: "~/.config/pypoetry/auth.toml", undo: [["config", "--unset"]] },
  { program: "bundle", verbs: ["config"], file: "~/.bundle/config", undo: [["config", "unset"]] },
  { program: "bundler", verbs: ["config"], file: "~/.bundle/config", undo: [["config", "unset"]] },
  { program: "helm", verbs: ["registry", "login"], file: "~/.config/helm/registry", undo: [["registry", "logout"]] },
  { program: "cargo", verbs: ["login"], file: "~/.cargo/credentials.toml", undo: [["logout"]] },
];

/** Programs that print what they are given, as it is or in another form. */
export const PRINTERS: ReadonlySet<string> = new Set(
  "cat echo printf envsubst base64 head tail sed awk tr cut jq tee grep xargs".split(" "),
);
