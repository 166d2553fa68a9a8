import type { Grant, Service } from "../../src/compose/model.js";
import { defineRule, type Finding, type Fix } from "../../src/engine/rule.js";
import type { RunView, StageView } from "../../src/project/model.js";
import { mountEntry, type SecretMount, secretMountsOf } from "../../src/project/secret-mounts.js";
import { textOf } from "../../src/text/source.js";
import { parseFileMode } from "../../src/values/file-mode.js";

export default defineRule({
  id: "secrets/protect-mounts",
  summary: "Secret mounts are private and present",
  levels: { recommended: "warning", strict: "error" },
  kinds: {
    mode: { summary: "others may read the secret" },
    required: {
      summary: "a forgotten secret goes unnoticed",
      levels: { recommended: "info", strict: "warning" },
    },
    unused: { summary: "the command does not use the secret", levels: { recommended: "info", strict: "info" } },
  },
  roles: "all",
  fixable: "sometimes",
  why: [
    "A secret is mounted readable for its owner only. A wider mode hands it to every process that the step starts, such " +
      "as the install scripts of its dependencies.",
    "A secret that is not passed to the build is simply absent: without `required=true` the step goes on, and fails " +
      "later or quietly does something else.",
  ],
  references: ["https://docs.docker.com/reference/dockerfile/#run---mounttypesecret", "CWE-732"],
  securitySeverity: 5.5,
  mentions: { dockerfile: ["secret", "ssh"], compose: ["secrets"] },
  check: { stage: checkStage, service: checkService },
  examples: {
    bad: [
      {
        name: "everyone may read",
        kind: "mode",
        message: "`mode=0777` lets every process of the step read this secret",
        files: { Dockerfile: ["FROM alpine:3.21", "USER root", "RUN --mount=type=secret,id=t,mode=«0777» ./fetch.sh"] },
        fixed: { Dockerfile: ["FROM alpine:3.21", "USER root", "RUN --mount=type=secret,id=t,mode=0400 ./fetch.sh"] },
      },
      {
        name: "the agent of SSH, for a user by number",
        kind: "mode",
        files: {
          Dockerfile: ["FROM alpine:3.21", "RUN --mount=type=ssh,uid=1000,mode=«666» git fetch"],
        },
        fixed: {
          Dockerfile: ["FROM alpine:3.21", "RUN --mount=type=ssh,uid=1000,mode=0400 git fetch"],
        },
      },
      {
        name: "a user who may be another than the owner",
        kind: "mode",
        files: {
          Dockerfile: ["FROM alpine:3.21", "USER app", "RUN --mount=type=secret,id=t,mode=«0444» ./fetch.sh"],
        },
      },
      {
        name: "in Compose",
        kind: "mode",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: ghcr.io/acme/api:1.4.2",
            "    secrets:",
            "      - {source: api_key, uid: '1000', mode: «0444»}",
            "      - {source: other, mode: «'0644'»}",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: ghcr.io/acme/api:1.4.2",
            "    secrets:",
            "      - {source: api_key, uid: '1000', mode: 0400}",
            "      - {source: other, mode: '0644'}",
          ],
        },
      },
      {
        name: "the command reads the file",
        kind: "required",
        files: {
          Dockerfile: ["FROM alpine:3.21", "RUN --mount=type=secret,id=«token» ./fetch.sh $(cat /run/secrets/token)"],
        },
        fixed: {
          Dockerfile: [
            "FROM alpine:3.21",
            "RUN --mount=type=secret,id=token,required=true ./fetch.sh $(cat /run/secrets/token)",
          ],
        },
      },
      {
        name: "the command reads the variable",
        kind: "required",
        files: {
          Dockerfile: ["FROM alpine:3.21", 'RUN --mount=type=secret,id=«token»,env=TOKEN ./fetch.sh "$TOKEN"'],
        },
        fixed: {
          Dockerfile: [
            "FROM alpine:3.21",
            'RUN --mount=type=secret,id=token,env=TOKEN,required=true ./fetch.sh "$TOKEN"',
          ],
        },
      },
      {
        name: "nothing reads it",
        kind: "unused",
        files: {
          Dockerfile: ["FROM python:3.13-slim", "RUN --mount=type=secret,id=«pipconf» pip install acme==1.4.2"],
        },
      },
    ],
    good: [
      {
        name: "private and required",
        files: {
          Dockerfile: [
            "FROM alpine:3.21",
            "RUN --mount=type=secret,id=t,required=true,mode=0400 ./fetch.sh $(cat /run/secrets/t)",
          ],
        },
      },
      {
        name: "a user and a group by number",
        files: {
          Dockerfile: ["FROM alpine:3.21", "RUN --mount=type=secret,id=t,uid=1000,gid=1000,mode=0440 ./fetch.sh"],
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: ghcr.io/acme/api:1.4.2",
            "    secrets: [plain, {source: api_key, uid: '1000', gid: '1000', mode: 0440}]",
          ],
        },
      },
      {
        name: "the script looks whether it is there",
        files: {
          Dockerfile: [
            "FROM alpine:3.21",
            "RUN --mount=type=secret,id=t if [ -f /run/secrets/t ]; then ./fetch.sh $(cat /run/secrets/t); fi",
            "RUN --mount=type=secret,id=t,env=TOKEN ./fetch.sh ${TOKEN:-none}",
          ],
        },
      },
      {
        name: "files and variables that programs read by themselves",
        files: {
          Dockerfile: [
            "FROM node:22.14.0-slim",
            "RUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci",
            "RUN --mount=type=secret,id=npm_token,env=NPM_TOKEN npm ci",
            "RUN --mount=type=secret,id=env npm run build",
            "RUN --mount=type=ssh git clone git@github.com:acme/app.git",
          ],
        },
      },
      {
        name: "values that nobody can know, and other mounts",
        files: {
          Dockerfile: [
            "FROM alpine:3.21",
            "ARG MODE=0777",
            "RUN --mount=type=secret,id=t,mode=${MODE} ./fetch.sh",
            "RUN --mount=type=cache,target=/root/.cache,mode=0777 ./fetch.sh",
            "RUN --mount=type=secret,id=t,mode=wide ./fetch.sh",
          ],
        },
      },
    ],
  },
});

function* checkStage(stage: StageView): Iterable<Finding> {
  for (const run of stage.runs) {
    for (const secret of secretMountsOf(run)) {
      yield* checkMode(secret, run);
      yield* checkUse(secret);
    }
  }
}

function* checkMode({ mount }: SecretMount, run: RunView): Iterable<Finding> {
  const written = mountEntry(mount, "mode")?.value;
  const bits = octal(written?.literal);
  if (written === undefined || bits === undefined) return;
  const uid = mountEntry(mount, "uid")?.value?.literal;
  const gid = mountEntry(mount, "gid")?.value?.literal;
  if (!isWide(bits, uid ?? gid)) return;
  const { range } = written;
  const isOwned = uid !== undefined || run.user.isRoot === "yes";
  yield {
    kind: "mode",
    range,
    message: `\`mode=${textOf(range)}\` lets every process of the step read this secret; use \`mode=0400\``,
    fix: isOwned ? { description: "use `mode=0400`", safety: "safe", edits: [{ range, text: "0400" }] } : undefined,
  };
}

function* checkUse({ kind, id, idRange, isRequired, use, mount }: SecretMount): Iterable<Finding> {
  if (kind !== "secret") return;
  if (use === "needed" && !isRequired) {
    const message = `without secret \`${id}\` this command cannot work, and runs all the same; add \`required=true\``;
    yield { kind: "required", range: idRange, message, fix: requireSecret(mount) };
  } else if (use === "none") {
    const message = `no command of this RUN reads secret \`${id}\`; drop the mount, or set its \`target\``;
    yield { kind: "unused", range: idRange, message, confidence: "low" };
  }
}

/** Unsafe: builds that do without the secret fail from then on. */
function requireSecret({ entries }: SecretMount["mount"]): Fix | undefined {
  const last = entries.at(-1);
  if (last === undefined || entries.some(({ key }) => key === "required")) return undefined;
  const { source, end } = last.range;
  const edits = [{ range: source.range(end, end), text: ",required=true" }];
  return { description: "require the secret", safety: "unsafe", edits };
}

function* checkService({ secrets, build }: Service): Iterable<Finding> {
  for (const grant of [...secrets, ...(build?.secrets ?? [])]) yield* checkGrant(grant);
}

function* checkGrant({ mode, uid, gid, source }: Grant): Iterable<Finding> {
  // Without a leading zero YAML makes it a decimal number.
  const bits = mode?.value?.startsWith("0") === true ? octal(mode.value) : undefined;
  if (mode === undefined || bits === undefined || !isWide(bits, uid?.value ?? gid?.value)) return;
  const { range } = mode;
  const quote = /^["']/.exec(textOf(range))?.[0] ?? "";
  const edits = [{ range, text: `${quote}0400${quote}` }];
  yield {
    kind: "mode",
    range,
    message: `mode \`${mode.text}\` lets others in the container read secret \`${source?.text ?? ""}\`; use \`0400\``,
    fix: uid === undefined ? undefined : { description: "use mode `0400`", safety: "safe", edits },
  };
}

/** Undefined for what is no octal number. */
function octal(text: string | undefined): number | undefined {
  const mode = text === undefined ? undefined : parseFileMode(text);
  return mode?.kind === "octal" ? mode.bits : undefined;
}

/** Whether others than the owner may do anything; a group that is named may read. */
function isWide(bits: number, owner: string | undefined): boolean {
  if ((bits & 0o077) === 0) return false;
  return owner === undefined || (bits & ~0o440) !== 0;
}
