import { defineRule, type Finding, type Fix, option, type RuleContext } from "../../src/engine/rule.js";
import {
  adjacentRuns,
  isJoinable,
  type Neighbours,
  neighboursOf,
  weightOf,
} from "../../src/project/layer-neighbours.js";
import type { Build, CopyView, RunView } from "../../src/project/model.js";

const options = {
  maxCommands: option.number({
    default: 2,
    description: "A RUN with more commands is left alone: it is long on purpose.",
  }),
  strict: option.boolean({
    default: false,
    description:
      "Whether each RUN right behind another counts, in every stage, whatever it does and with comments between.",
  }),
  maxLayers: option.number({ default: 40, description: "Layers that a shipped image may add to its base." }),
};

export default defineRule({
  id: "layers/consolidate-layers",
  summary: "Neighbouring steps that belong together are one step",
  levels: { recommended: "info", strict: "info" },
  kinds: {
    run: {
      summary: "short RUNs in a row",
      aliases: [
        "hadolint:DL3059",
        "kics:multiple-run-add-copy-instructions-listed",
        "kics:0008c003-79aa-42d8-95b8-1c2fe37dbfe6",
      ],
    },
    copy: { summary: "COPYs in a row into one folder", levels: { recommended: "off" } },
    count: { summary: "more layers than `maxLayers`", levels: { recommended: "off", strict: "off" } },
  },
  roles: ["production"],
  fixable: "sometimes",
  why: [
    "Each step is a layer of the image that is stored, pulled and unpacked by itself. What one step makes and the next one " +
      "removes stays in the image; in one step it does not.",
  ],
  references: ["https://docs.docker.com/build/building/best-practices/#run"],
  options,
  presetOptions: { hadolint: { strict: true } },
  check: {
    build: checkBuild,
    *stage(stage, { options: { strict, maxCommands } }) {
      if (!strict) return;
      for (const pair of adjacentRuns(stage)) {
        if (pair.every((run) => isShort(run, maxCommands))) yield ofPair(pair);
      }
    },
  },
  examples: {
    bad: [
      {
        name: "two short commands",
        kind: "run",
        message: "2 RUN steps",
        files: { Dockerfile: ["FROM debian:12-slim", "RUN mkdir /data", "«RUN» touch /data/index"] },
        fixed: { Dockerfile: ["FROM debian:12-slim", "RUN mkdir /data && \\", "    touch /data/index"] },
      },
      {
        name: "three, with equal flags",
        kind: "run",
        message: "3 RUN steps",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN --network=none mkdir /data",
            "«RUN» --network=none touch /data/index",
            "RUN --network=none chmod 600 /data/index",
            "USER 1000",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN --network=none mkdir /data && \\",
            "    touch /data/index && \\",
            "    chmod 600 /data/index",
            "USER 1000",
          ],
        },
      },
      {
        name: "each of them, as hadolint has it",
        kind: "run",
        preset: "hadolint",
        message: "follows another one",
        files: {
          Dockerfile: [
            "FROM debian:12-slim AS build",
            "RUN make",
            "# then",
            "«RUN» make install",
            "«RUN» make clean",
            "FROM build",
            "RUN true",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM debian:12-slim AS build",
            "RUN make",
            "# then",
            "RUN make install && \\",
            "    make clean",
            "FROM build",
            "RUN true",
          ],
        },
      },
      {
        name: "lists and packages",
        kind: "run",
        files: {
          Dockerfile: ["FROM debian:12-slim", "RUN apt-get update", "«RUN» apt-get install -y curl"],
        },
        fixed: {
          Dockerfile: ["FROM debian:12-slim", "RUN apt-get update && \\", "    apt-get install -y curl"],
        },
      },
      {
        name: "a command that changes the folder is not joined for you",
        kind: "run",
        files: { Dockerfile: ["FROM debian:12-slim", "RUN cd /etc && touch motd", "«RUN» touch index"] },
      },
      {
        name: "copies into one folder",
        kind: "copy",
        files: {
          Dockerfile: ["FROM node:22-slim", "COPY package.json ./", "«COPY» server.js ./", "CMD node server.js"],
        },
      },
      {
        name: "more layers than the policy allows",
        kind: "count",
        options: { maxLayers: 3 },
        files: {
          Dockerfile: [
            "FROM «debian:12-slim»",
            "WORKDIR /srv",
            "COPY a.conf /etc/",
            "COPY b.conf /srv/",
            "COPY c.conf /opt/",
          ],
        },
      },
    ],
    good: [
      { name: "one step", files: { Dockerfile: ["FROM debian:12-slim", "RUN mkdir /data && touch /data/index"] } },
      {
        name: "a build-only stage",
        files: {
          Dockerfile: [
            "FROM debian:12-slim AS files",
            "RUN mkdir /data",
            "RUN touch /data/index",
            "FROM debian:12-slim",
            "COPY --from=files /data /data",
          ],
        },
      },
      {
        name: "a long RUN stays by itself",
        files: {
          Dockerfile: ["FROM debian:12-slim", "RUN mkdir /a && touch /a/b && chmod 600 /a/b", "RUN mkdir /c"],
        },
      },
      {
        name: "a heredoc stays by itself",
        files: { Dockerfile: ["FROM debian:12-slim", "RUN <<EOF", "mkdir /a", "EOF", "RUN mkdir /c"] },
      },
      {
        name: "flags that differ",
        files: { Dockerfile: ["FROM debian:12-slim", "RUN --network=none mkdir /a", "RUN mkdir /c"] },
      },
      {
        name: "a comment between them",
        files: { Dockerfile: ["FROM debian:12-slim", "RUN mkdir /a", "# for the cron job", "RUN mkdir /c"] },
      },
      {
        name: "another instruction between them",
        files: { Dockerfile: ["FROM debian:12-slim", "RUN mkdir /a", "WORKDIR /a", "RUN mkdir b"] },
      },
      {
        name: "an install and a build are cached apart",
        files: {
          Dockerfile: ["FROM node:22-slim", "WORKDIR /app", "COPY . .", "RUN npm ci", "RUN npm run build"],
        },
      },
      {
        name: "an expensive step, then one that changes often",
        files: {
          Dockerfile: ["FROM debian:12-slim", "RUN apt-get update && apt-get install -y nginx", "RUN rm /etc/nginx/x"],
        },
      },
      {
        name: "copies into different folders, or of different owners",
        files: {
          Dockerfile: [
            "FROM node:22-slim",
            "COPY package.json /app/",
            "COPY server.js /srv/",
            "COPY --chown=node index.js /srv/",
          ],
        },
      },
      {
        name: "a file for tests",
        files: { "Dockerfile.test": ["FROM debian:12-slim", "RUN mkdir /a", "RUN mkdir /b"] },
      },
    ],
  },
});

function* checkBuild(build: Build, ctx: RuleContext<typeof options>): Iterable<Finding> {
  let layers = 0;
  for (const stage of build.chain) {
    layers += stage.layers.length;
    for (const { instruction } of stage.evaluated.steps) if (instruction.keyword === "WORKDIR") layers += 1;
    if (stage.isWindows) continue;
    for (const neighbours of neighboursOf(stage)) {
      if (neighbours.kind === "copy") yield ofCopies(neighbours);
      else if (!ctx.options.strict) yield* ofRuns(neighbours, ctx.options.maxCommands, build);
    }
  }
  const { target } = build;
  const { maxLayers } = ctx.options;
  if (target !== undefined && layers > maxLayers) {
    const message = `this image adds ${layers} layers to its base, more than ${maxLayers}; join steps that belong together`;
    yield { kind: "count", range: target.anchor, message };
  }
}

/** Of a row of RUNs those that are short and of one weight: joining others would throw away what is cached. */
function* ofRuns({ first, rest }: Extract<Neighbours, { kind: "run" }>, most: number, build: Build): Iterable<Finding> {
  let row: RunView[] = [];
  for (const run of [first, ...rest]) {
    const last = row.at(-1);
    const weight = isShort(run, most) ? weightOf(run) : "heavy";
    if (last !== undefined && weight !== "heavy" && weight === weightOf(last)) {
      row.push(run);
      continue;
    }
    yield* ofRow(row, build);
    row = weight === "heavy" ? [] : [run];
  }
  yield* ofRow(row, build);
}

function isShort({ instruction, commands, script }: RunView, most: number): boolean {
  return instruction.heredocs.length === 0 && commands.length <= most && script !== undefined;
}

function ofPair([before, run]: readonly [RunView, RunView]): Finding {
  const isFixable =
    run.stage.build.dockerfile.source.embedding === undefined && run.instruction.commentsAbove.length === 0;
  return {
    kind: "run",
    range: run.instruction.keywordRange,
    message: "this RUN follows another one and makes a layer more; join them with `&&`",
    related: [{ range: before.instruction.keywordRange, message: "the one before" }],
    fix: isFixable ? joinSteps([before, run]) : undefined,
  };
}

function* ofRow(row: readonly RunView[], build: Build): Iterable<Finding> {
  const [first, second] = row;
  if (first === undefined || second === undefined) return;
  yield {
    kind: "run",
    range: second.instruction.keywordRange,
    message: `${row.length} RUN steps in a row make ${row.length} layers; join them with \`&&\``,
    related: [{ range: first.instruction.keywordRange, message: "the first of them" }],
    fix: build.dockerfile.source.embedding === undefined ? joinSteps(row) : undefined,
  };
}

/** Unsafe: what the steps leave behind for each other is the same, but they are cached and fail together. */
function joinSteps(row: readonly RunView[]): Fix | undefined {
  if (!row.every(isJoinable)) return undefined;
  const edits = row.slice(1).map(({ instruction }, index) => {
    const { source, end } = row[index]?.instruction.range ?? instruction.range;
    const character = instruction.words[0]?.escape ?? "\\";
    const range = source.range(end, instruction.argumentsRange.start);
    return { range, text: ` && ${character}${source.lineBreak}    ` };
  });
  return { description: "join the steps with `&&`", safety: "unsafe", edits };
}

function ofCopies({ first, rest }: Extract<Neighbours, { kind: "copy" }>): Finding {
  const { keywordRange, keyword } = (rest[0] ?? first).instruction;
  const count = rest.length + 1;
  return {
    kind: "copy",
    range: keywordRange,
    message: `${count} ${keyword} steps in a row fill \`${folderOf(first)}\`; name all sources in one`,
    related: [{ range: first.instruction.keywordRange, message: "the first of them" }],
  };
}

function folderOf({ destination = "/" }: CopyView): string {
  return destination.length > 60 ? `${destination.slice(0, 59)}…` : destination;
}
