import { OFFICIAL_NAMES } from "../../src/data/official-images.js";
import { defineRule, type Finding, type Fix, option, type RuleContext } from "../../src/engine/rule.js";
import type { Build, StageView } from "../../src/project/model.js";
import { stageMayBring } from "../../src/project/placed-files.js";
import { type StageEdge, stageEdges } from "../../src/project/stage-edges.js";
import { hasGlobMeta } from "../../src/values/glob.js";

const options = {
  requireFinalName: option.boolean({ default: false, description: "The last stage needs a name too." }),
};

export default defineRule({
  id: "stages/name-stages",
  summary: "Stages are referred to by unambiguous names",
  levels: { recommended: "info", strict: "info" },
  kinds: {
    "by-index": { summary: "a stage is named by its number" },
    unnamed: { summary: "a stage that is used more than once has no name" },
    "shadows-image": {
      summary: "a name that reads as an image means a stage",
      levels: { recommended: "warning", strict: "warning" },
    },
  },
  roles: "all",
  fixable: "sometimes",
  why: [
    "A number counts the FROM lines above: whoever inserts one redirects every COPY below without a word. A stage called " +
      "like an image takes the place of that image in all later lines, whatever their author meant.",
  ],
  references: ["https://docs.docker.com/build/building/multi-stage/#name-your-build-stages"],
  options,
  check: { build: checkBuild },
  examples: {
    bad: [
      {
        name: "a copy by number",
        kind: "by-index",
        files: {
          Dockerfile: [
            "FROM node:22.14.0",
            "RUN npm run build",
            "FROM nginx:1.27.4",
            "COPY --from=«0» /app/dist /usr/share/nginx/html",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM node:22.14.0 AS stage0",
            "RUN npm run build",
            "FROM nginx:1.27.4",
            "COPY --from=stage0 /app/dist /usr/share/nginx/html",
          ],
        },
      },
      {
        name: "by number although the stage has a name",
        kind: "by-index",
        message: "`build`",
        files: { Dockerfile: ["FROM golang:1.22 AS build", "FROM alpine:3.20", "COPY --from=«0» /app /app"] },
        fixed: { Dockerfile: ["FROM golang:1.22 AS build", "FROM alpine:3.20", "COPY --from=build /app /app"] },
      },
      {
        name: "a stage without a name that several copies use",
        kind: "unnamed",
        message: "2 times",
        files: {
          Dockerfile: [
            "FROM alpine:3.20 AS stage0",
            "from «golang:1.22»",
            "FROM alpine:3.20",
            "COPY --from=1 /api /api",
            'COPY --from="1" /worker /worker',
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM alpine:3.20 AS stage0",
            "from golang:1.22 as stage1",
            "FROM alpine:3.20",
            "COPY --from=stage1 /api /api",
            "COPY --from=stage1 /worker /worker",
          ],
        },
      },
      {
        name: "the last stage, where the policy asks for it",
        kind: "unnamed",
        options: { requireFinalName: true },
        files: {
          Dockerfile: ["FROM golang:1.22 AS build", "FROM «alpine:3.20»", "COPY --from=build /app /app"],
        },
      },
      {
        name: "FROM means the stage, not the image",
        kind: "shadows-image",
        message: "`alpine`",
        files: {
          Dockerfile: [
            "FROM alpine:3.20 AS alpine",
            "RUN apk add --no-cache build-base",
            "FROM «alpine»",
            'CMD ["crond", "-f"]',
          ],
        },
      },
      {
        name: "COPY takes a file that the stage does not make",
        kind: "shadows-image",
        files: {
          Dockerfile: [
            "FROM nginx:1.27.4-alpine AS nginx",
            "RUN rm /etc/nginx/conf.d/default.conf",
            "FROM alpine:3.20",
            "COPY --from=«nginx» /etc/nginx/conf.d/default.conf /etc/nginx/conf.d/",
          ],
        },
      },
    ],
    good: [
      {
        name: "a name",
        files: { Dockerfile: ["FROM node:22.14.0 AS build", "FROM nginx:1.27.4", "COPY --from=build /d /srv"] },
      },
      { name: "a single stage", options: { requireFinalName: true }, files: { Dockerfile: ["FROM node:22.14.0"] } },
      {
        name: "the last stage needs no name",
        files: { Dockerfile: ["FROM node:22.14.0 AS build", "FROM nginx:1.27.4", "COPY --from=build /d /srv"] },
      },
      {
        name: "a number that no stage has",
        files: { Dockerfile: ["FROM alpine:3.20", "COPY --from=4 /a /a"] },
      },
      {
        name: "a stage that only gives an image its version",
        files: {
          Dockerfile: [
            "FROM composer:2.8.5 AS composer",
            "FROM php:8.3-fpm",
            "COPY --from=composer /usr/bin/composer /usr/bin/composer",
          ],
        },
      },
      {
        name: "what the stage made",
        files: {
          Dockerfile: [
            "FROM golang:1.22 AS golang",
            "RUN go build -o /out/api .",
            "FROM alpine:3.20",
            "COPY --from=golang /out/api /api",
          ],
        },
      },
      {
        name: "a tag tells the image from the stage",
        files: {
          Dockerfile: ["FROM alpine:3.20 AS alpine", "RUN apk add --no-cache tzdata", "FROM alpine:3.20", "RUN date"],
        },
      },
      {
        name: "a stage called like another image",
        files: {
          Dockerfile: ["FROM debian:12.9 AS postgres", "RUN ./install.sh", "FROM postgres", 'CMD ["postgres"]'],
        },
      },
    ],
  },
});

function* checkBuild(
  { stages }: Build,
  { options: { requireFinalName } }: RuleContext<typeof options>,
): Iterable<Finding> {
  if (stages.length < 2) return;
  const uses = new Map<StageView, StageEdge[]>(stages.map((stage) => [stage, []]));
  for (const stage of stages) for (const edge of stageEdges(stage)) uses.get(edge.to)?.push(edge);
  for (const stage of stages) {
    const edges = uses.get(stage) ?? [];
    const numbers = edges.filter((edge) => edge.place === "copy" && /^\d+$/.test(edge.written));
    const isLast = stage.index === stages.length - 1;
    const [first] = numbers;
    if (first !== undefined) yield* byNumber(stage, numbers, first);
    else if (stage.name === undefined && isLast && requireFinalName) yield unnamed(stage, "the last stage has no name");
    for (const edge of edges) if (shadowsImage(edge)) yield ofShadow(edge);
  }
}

/** One finding where one change mends it: at the FROM when the name is missing in several places. */
function* byNumber(stage: StageView, numbers: readonly StageEdge[], first: StageEdge): Iterable<Finding> {
  const name = stage.name ?? freeName(stage);
  if (stage.name === undefined && numbers.length > 1) {
    yield {
      ...unnamed(stage, `stage ${stage.index} is used ${numbers.length} times by its number`),
      related: numbers.map(({ range }) => ({ range, message: "used here" })),
      fix: nameStage(stage, name, numbers),
    };
    return;
  }
  for (const edge of stage.name === undefined ? [first] : numbers) {
    const remedy = stage.name === undefined ? "name the stage with AS" : `write \`${stage.label}\``;
    yield {
      kind: "by-index",
      range: edge.range,
      message: `\`--from=${edge.written}\` means another stage once a FROM is inserted above; ${remedy}`,
      related: [{ range: stage.anchor, message: "the stage begins here" }],
      fix: nameStage(stage, name, [edge]),
    };
  }
}

function unnamed(stage: StageView, problem: string): Finding {
  return { kind: "unnamed", range: stage.anchor, message: `${problem}; name it with AS` };
}

function freeName({ index, build: { stages } }: StageView): string {
  const taken = new Set(stages.map(({ name }) => name));
  let name = `stage${index}`;
  while (taken.has(name)) name += "-";
  return name;
}

/** Unsafe: a name may be taken for a target, or be that of a context of the build. */
function nameStage({ name: own, stage, anchor }: StageView, name: string, uses: readonly StageEdge[]): Fix {
  const edits = uses.map(({ range }) => ({ range, text: name }));
  const as = stage.from.written === "from" ? "as" : "AS";
  if (own === undefined) edits.unshift({ range: anchor.source.range(anchor.end, anchor.end), text: ` ${as} ${name}` });
  return { description: `call the stage \`${name}\``, safety: "unsafe", edits };
}

/** A bare name that is an official image, used for a stage made from that image and changed since. */
function shadowsImage({ to, written, stage, place, paths }: StageEdge): boolean {
  const name = written.toLowerCase();
  if (to === stage || to.name !== name || !OFFICIAL_NAMES.has(name)) return false;
  const { base } = to.evaluated;
  if (base.kind !== "image" || base.reference.kind !== "reference" || base.reference.familiarName !== name)
    return false;
  if (!to.stage.instructions.some(({ keyword }) => CHANGES.has(keyword))) return false;
  if (place === "from") return true;
  // A copy of what the stage made is meant for the stage.
  return paths.length > 0 && paths.every((path) => !hasGlobMeta(path) && !stageMayBring(to, path));
}

/** Instructions that make a stage more than a name for its image. */
const CHANGES: ReadonlySet<string> = new Set(["RUN", "COPY", "ADD", "USER", "WORKDIR", "ENV", "ENTRYPOINT", "CMD"]);

function ofShadow({ range, written, to }: StageEdge): Finding {
  return {
    kind: "shadows-image",
    range,
    message: `\`${written}\` means the stage above, not the image; rename the stage or write the tag`,
    related: [{ range: to.stage.nameRange ?? to.anchor, message: `\`${written}\` becomes a stage here` }],
  };
}
