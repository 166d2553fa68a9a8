import { defineRule, type Finding, type Fix, option, type RuleContext } from "../../src/engine/rule.js";
import type { RunView, StageView } from "../../src/project/model.js";

/** A secret that a command needs. */
interface NeededMount {
  readonly id: string;
  readonly target: string | undefined;
  readonly env: string | undefined;
  readonly required: boolean;
}

const NONE: ReadonlyMap<string, NeededMount> = new Map();

const options = {
  commands: option.custom<ReadonlyMap<string, NeededMount>>({
    default: NONE,
    description: "Secrets by the command that needs them: `pip: {id: pipconf, target: /etc/pip.conf}`.",
    schema: {
      type: "object",
      additionalProperties: { type: "object", additionalProperties: { type: ["string", "boolean"] } },
      default: {},
    },
    read: readCommands,
  }),
};

export default defineRule({
  id: "secrets/require-mounts",
  summary: "Commands that need a secret get it by mount",
  levels: { strict: "info" },
  levelByOptions: ({ commands }) => (commands.size > 0 ? "info" : undefined),
  roles: "all",
  fixable: "always",
  aliases: ["tally:require-secret-mounts"],
  why: [
    "A team that keeps its packages in a private registry needs the same secret in every build. Where the mount is " +
      "forgotten, the build fails on other machines, or somebody passes the secret in a way that stays in the image.",
  ],
  references: ["https://docs.docker.com/reference/dockerfile/#run---mounttypesecret"],
  securitySeverity: 3,
  mentions: { dockerfile: ["run"] },
  options,
  check: { stage: checkStage },
  examples: {
    bad: [
      {
        name: "a command without its secret",
        message:
          "`pip` has no secret `pipconf` mounted here; add `--mount=type=secret,id=pipconf,target=/etc/pip.conf`",
        options: { commands: { pip: { id: "pipconf", target: "/etc/pip.conf" } } },
        files: { Dockerfile: ["FROM python:3.13-slim", "RUN apt-get update && «pip» install -r r.txt && pip check"] },
        fixed: {
          Dockerfile: [
            "FROM python:3.13-slim",
            "RUN --mount=type=secret,id=pipconf,target=/etc/pip.conf apt-get update && pip install -r r.txt && pip check",
          ],
        },
      },
      {
        name: "as a variable, beside another mount",
        options: { commands: { npm: { id: "npm", env: "NPM_TOKEN", required: true } } },
        files: { Dockerfile: ["FROM node:22.14.0", "RUN --mount=type=cache,target=/root/.npm «npm» ci"] },
        fixed: {
          Dockerfile: [
            "FROM node:22.14.0",
            "RUN --mount=type=cache,target=/root/.npm --mount=type=secret,id=npm,env=NPM_TOKEN,required=true npm ci",
          ],
        },
      },
    ],
    good: [
      {
        name: "with the mount",
        options: { commands: { pip: { id: "pipconf", target: "/etc/pip.conf" } } },
        files: {
          Dockerfile: [
            "FROM python:3.13-slim",
            "RUN --mount=type=secret,id=pipconf,target=/etc/pip.conf pip install -r r.txt",
          ],
        },
      },
      {
        name: "nothing is configured, and other commands",
        files: { Dockerfile: ["FROM python:3.13-slim", "RUN pip install -r r.txt"] },
      },
      {
        name: "exec form, triggers, Windows, and an id that nobody can know",
        options: { commands: { pip: { id: "pipconf" } } },
        files: {
          Dockerfile: [
            "FROM python:3.13-slim",
            "ARG ID",
            'RUN ["pip", "install", "requests"]',
            "ONBUILD RUN pip install -r r.txt",
            "RUN --mount=type=secret,id=$ID pip install -r r.txt",
            "RUN npm ci",
          ],
          "Dockerfile.windows": ["FROM mcr.microsoft.com/windows/servercore:ltsc2022", "RUN pip install -r r.txt"],
        },
      },
    ],
  },
});

function readCommands(written: unknown): ReadonlyMap<string, NeededMount> | undefined {
  if (typeof written !== "object" || written === null || Array.isArray(written)) return undefined;
  const commands = new Map<string, NeededMount>();
  for (const [name, mount] of Object.entries(written)) {
    if (typeof mount !== "object" || mount === null) return undefined;
    const fields = new Map<string, unknown>(Object.entries(mount));
    const text = (key: string) => {
      const value = fields.get(key);
      return typeof value === "string" ? value : undefined;
    };
    const id = text("id");
    if (id === undefined) return undefined;
    commands.set(name, { id, target: text("target"), env: text("env"), required: fields.get("required") === true });
  }
  return commands;
}

function* checkStage(stage: StageView, { options: { commands } }: RuleContext<typeof options>): Iterable<Finding> {
  if (commands.size === 0 || stage.isWindows) return;
  for (const run of stage.runs) {
    if (run.isOnbuild || run.script === undefined) continue;
    const seen = new Set<string>();
    for (const { name, nameRange } of run.commands) {
      const needed = name === undefined ? undefined : commands.get(name);
      if (name === undefined || needed === undefined || seen.has(needed.id) || mayMount(run, needed.id)) continue;
      seen.add(needed.id);
      const mount = textOfMount(needed);
      yield {
        range: nameRange,
        message: `\`${name}\` has no secret \`${needed.id}\` mounted here; add \`${mount}\``,
        fix: addMount(run, mount),
      };
    }
  }
}

/** Whether a RUN mounts a secret of this id, or one whose id depends on a variable. */
function mayMount({ instruction }: RunView, id: string): boolean {
  return instruction.mounts.some(
    (mount) => mount.type === "secret" && (mount.id === undefined || mount.id.hasVariables || mount.id.literal === id),
  );
}

function textOfMount({ id, target, env, required }: NeededMount): string {
  const parts = ["--mount=type=secret", `id=${id}`];
  if (target !== undefined) parts.push(`target=${target}`);
  if (env !== undefined) parts.push(`env=${env}`);
  if (required) parts.push("required=true");
  return parts.join(",");
}

/** Safe: the command finds what it lacked, and the image does not hold it. */
function addMount({ instruction }: RunView, mount: string): Fix {
  const { source, start } = instruction.argumentsRange;
  const edits = [{ range: source.range(start, start), text: `${mount} ` }];
  return { description: `add \`${mount}\``, safety: "safe", edits };
}
