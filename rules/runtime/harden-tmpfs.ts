import type { Mount } from "../../src/compose/model.js";
import { defineRule, type Finding, type Fix, option, type RuleContext } from "../../src/engine/rule.js";
import type { Range } from "../../src/text/source.js";
import { grantsSetId, parseFileMode } from "../../src/values/file-mode.js";

const options = {
  allow: option.strings({ default: [], description: "Paths in the container that may be mounted with any option." }),
};

/** What each of these options gives back. */
const LIFTING: ReadonlyMap<string, string> = new Map([
  ["exec", "programs can be started from"],
  ["suid", "programs change their user from"],
  ["dev", "device files work in"],
]);

export default defineRule({
  id: "runtime/harden-tmpfs",
  summary: "Temporary filesystems stay non-executable and bounded",
  levels: { recommended: ["warning", "info"], checklist: ["warning", "info"], strict: "warning" },
  kinds: {
    options: { summary: "`exec`, `suid` or `dev`", aliases: ["compose-lint:CL-0022"] },
    size: { summary: "no size", levels: { recommended: "off", checklist: "off", strict: "info" } },
  },
  roles: ["production", "test", "ci"],
  fixable: "sometimes",
  why: [
    "The engine mounts a tmpfs with `noexec`, `nosuid` and `nodev`, so that nothing that is written there can be run. With " +
      "`exec` a download becomes a program.",
    "A tmpfs without a size takes half of the host's memory before it is full.",
  ],
  references: [
    "https://docs.docker.com/engine/storage/tmpfs/",
    "https://docs.docker.com/reference/compose-file/services/#tmpfs",
    "https://cheatsheetseries.owasp.org/cheatsheets/Docker_Security_Cheat_Sheet.html",
  ],
  securitySeverity: 3.7,
  options,
  mentions: { compose: ["tmpfs"] },
  check: {
    *service(service, ctx) {
      if (service.hasProvider || service.isWindows) return;
      for (const mount of service.mounts) if (mount.type === "tmpfs") yield* checkTmpfs(mount, ctx);
    },
  },
  examples: {
    bad: [
      {
        name: "programs in /tmp",
        kind: "options",
        preset: "recommended",
        message: "`/tmp:exec`",
        files: { "compose.yaml": ["services:", "  api:", "    image: api:1.2.0", '    tmpfs: ["/tmp:«exec»"]'] },
        fixed: { "compose.yaml": ["services:", "  api:", "    image: api:1.2.0", '    tmpfs: ["/tmp"]'] },
      },
      {
        name: "one of several options, and several of them",
        kind: "options",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: api:1.2.0",
            "    tmpfs:",
            "      - /tmp:size=64m,«exec»,mode=1777",
            "      - /run:«suid»,size=1m",
            "      - /var/run:size=1m,nosuid,«dev»",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: api:1.2.0",
            "    tmpfs:",
            "      - /tmp:size=64m,mode=1777",
            "      - /run:size=1m",
            "      - /var/run:size=1m,nosuid",
          ],
        },
      },
      {
        name: "one text",
        kind: "options",
        files: { "compose.yaml": ["services:", "  api:", "    image: api:1.2.0", "    tmpfs: /tmp:size=1m,«exec»"] },
        fixed: { "compose.yaml": ["services:", "  api:", "    image: api:1.2.0", "    tmpfs: /tmp:size=1m"] },
      },
      {
        name: "a mode that changes the user",
        kind: "options",
        message: "`4777`",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: api:1.2.0",
            "    volumes:",
            '      - { type: tmpfs, target: /tmp, tmpfs: { size: 64m, mode: «"4777"» } }',
          ],
        },
      },
      {
        name: "no size",
        kind: "size",
        message: "`/tmp` may take half of the host's memory",
        preset: "strict",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: api:1.2.0",
            "    tmpfs: [«/tmp», '«/run»:mode=755']",
            "    volumes: [{ type: tmpfs, target: «/cache» }]",
          ],
        },
      },
    ],
    good: [
      {
        name: "bounded, and safer than the default",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: api:1.2.0",
            '    tmpfs: ["/tmp:size=64m", "/run:noexec,nosuid,nodev,size=1m"]',
            "    volumes: [{ type: tmpfs, target: /cache, tmpfs: { size: 64m, mode: 01777 } }]",
          ],
        },
      },
      {
        name: "no size, where nobody asks for one",
        preset: "recommended",
        files: { "compose.yaml": ["services:", "  api: { image: 'api:1.2.0', tmpfs: /tmp }"] },
      },
      {
        name: "an image that has to start programs from there",
        options: { allow: ["/tmp"] },
        files: { "compose.yaml": ["services:", "  api: { image: 'api:1.2.0', tmpfs: '/tmp:exec,size=64m' }"] },
      },
      {
        name: "development",
        files: { "compose.dev.yaml": ["services:", "  api: { image: 'api:1.2.0', tmpfs: '/tmp:exec' }"] },
      },
      {
        name: "options and a size that nobody knows, and volumes",
        files: {
          "compose.yaml": [
            "services:",
            "  api: { image: 'api:1.2.0', tmpfs: ['/tmp:${TMP_OPTIONS}', '/run:size=${RUN_SIZE}'], volumes: ['data:/exec'] }",
            "volumes: { data: {} }",
          ],
        },
      },
    ],
  },
});

function* checkTmpfs(mount: Mount, { options: { allow } }: RuleContext<typeof options>): Iterable<Finding> {
  const { targetPath, target, mode, sizeBytes } = mount;
  if (target === undefined || (targetPath !== undefined && allow.includes(targetPath))) return;
  const isShort = mount.from === "tmpfs";
  if (isShort) {
    for (const { text, range } of mount.options) {
      const effect = LIFTING.get(text);
      if (effect === undefined) continue;
      const message = `with \`${target.text}:${text}\` ${effect} the tmpfs; drop \`${text}\``;
      yield { kind: "options", range, message, fix: dropOption(range) };
    }
  }
  const parsed = mode?.value === undefined ? undefined : parseFileMode(mode.value);
  if (mode !== undefined && parsed !== undefined && parsed.kind !== "malformed" && grantsSetId(parsed)) {
    const message = `mode \`${mode.text}\` gives files in \`${target.text}\` the rights of its owner; use \`1777\``;
    yield { kind: "options", range: mode.range, message };
  }
  if (sizeBytes !== undefined || !hasKnownOptions(mount)) return;
  const message = `\`${target.text}\` may take half of the host's memory; add \`size\``;
  yield { kind: "size", range: target.range, message };
}

/** Whether no option is a variable, which may be the size. */
function hasKnownOptions({ options: written, node }: Mount): boolean {
  if (node.kind === "scalar") return node.certainty === "known" || written.every(({ text }) => !text.includes("$"));
  const size = node.kind === "mapping" ? node.entries.get("tmpfs")?.value : undefined;
  return size === undefined || size.kind === "mapping";
}

/** Takes the option out with one comma, or with the colon where it is the only one. Unsafe: a program may be started from there. */
function dropOption(range: Range): Fix | undefined {
  const { source, start, end } = range;
  const { text } = source;
  const before = text[start - 1];
  const isLast = text[end] !== ",";
  if (before !== "," && before !== ":") return undefined;
  const from = isLast || before === "," ? start - 1 : start;
  const to = !isLast && before === ":" ? end + 1 : end;
  return { description: "drop the option", safety: "unsafe", edits: [{ range: source.range(from, to), text: "" }] };
}
