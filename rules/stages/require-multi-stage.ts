import { defineRule, type Finding, option, type RuleContext } from "../../src/engine/rule.js";
import { chainEvidence } from "../../src/project/build-tools.js";
import type { Build, StageView } from "../../src/project/model.js";

const options = {
  when: option.choice({
    words: ["build-evidence", "dependency-install", "always"],
    default: "build-evidence",
    description:
      "What asks for a builder stage: a build step or compiler, also the install of a lock file's dependencies, or always.",
  }),
};

export default defineRule({
  id: "stages/require-multi-stage",
  summary: "What builds is not what ships: a builder stage does the work",
  levels: { recommended: "warning", checklist: "warning", strict: "error" },
  roles: ["production"],
  fixable: "never",
  aliases: ["tally:prefer-multi-stage-build"],
  why: [
    "An image that builds itself carries its compiler, headers, sources and caches to production: it is larger to pull, has " +
      "more to patch, and hands an intruder a toolchain.",
    "A builder stage does the same work, and only the result is copied into a small runtime base.",
  ],
  references: ["https://docs.docker.com/build/building/best-practices/#use-multi-stage-builds", "CIS 4.3"],
  options,
  presetOptions: { checklist: { when: "dependency-install" } },
  check: { build: checkBuild },
  examples: {
    bad: [
      {
        name: "the compiler ships with the program",
        message: "`go build`",
        files: { Dockerfile: ["FROM «golang:1.22»", "COPY . .", "RUN go build -o /server .", 'CMD ["/server"]'] },
      },
      {
        name: "headers for a build step that is over",
        files: {
          Dockerfile: [
            "FROM «python:3.12-slim»",
            "RUN apt-get update && apt-get install -y libpq-dev gcc && rm -rf /var/lib/apt/lists/*",
            'CMD ["python", "-m", "app"]',
          ],
        },
      },
      {
        name: "a front end built where it is served",
        files: {
          Dockerfile: ["FROM «node:22.14.0-slim»", "COPY . .", "RUN npm ci && npm run build", 'CMD ["node", "."]'],
        },
      },
      {
        name: "a chain of stages without a copy is one image",
        files: { Dockerfile: ["FROM «rust:1.84» AS base", "WORKDIR /src", "FROM base", "RUN cargo build --release"] },
      },
      {
        name: "dependencies alone, where the policy asks for it",
        preset: "checklist",
        message: "`pip install`",
        files: {
          Dockerfile: ["FROM «python:3.12-slim»", "COPY requirements.txt .", "RUN pip install -r requirements.txt"],
        },
      },
      {
        name: "always",
        options: { when: "always" },
        files: { Dockerfile: ["FROM «nginx:1.27.4»", "COPY nginx.conf /etc/nginx/nginx.conf"] },
      },
      {
        name: "a lean stage is there, and Compose builds the one above",
        message: "target `build` ships `go build`; build the stage below",
        files: {
          Dockerfile: [
            "FROM «golang:1.24» AS build",
            "COPY . .",
            "RUN go build -o /server .",
            "FROM scratch",
            "COPY --from=build /server /server",
          ],
          "compose.yaml": ["services:", "  api: {build: {context: ., target: build}}"],
        },
      },
    ],
    good: [
      {
        name: "compiled in one stage, shipped from another",
        files: {
          Dockerfile: [
            "FROM golang:1.22 AS build",
            "COPY . .",
            "RUN CGO_ENABLED=0 go build -o /server .",
            "FROM gcr.io/distroless/static:nonroot",
            "COPY --from=build /server /server",
          ],
        },
      },
      {
        name: "nothing is built",
        files: { Dockerfile: ["FROM nginx:1.27.4", "COPY site/ /usr/share/nginx/html/"] },
      },
      {
        name: "dependencies alone are no build by default",
        preset: "recommended",
        files: {
          Dockerfile: ["FROM python:3.12-slim", "COPY requirements.txt .", "RUN pip install -r requirements.txt"],
        },
      },
      {
        name: "the compiler leaves in the same RUN",
        preset: "recommended",
        files: {
          Dockerfile: [
            "FROM python:3.12-alpine",
            "RUN apk add --no-cache --virtual .build gcc musl-dev && pip install uwsgi==2.0.28 && apk del .build",
          ],
        },
      },
      {
        name: "a development image",
        files: { "Dockerfile.dev": ["FROM golang:1.22", "RUN go build -o /server ."] },
      },
      {
        name: "Windows",
        files: {
          Dockerfile: ["FROM mcr.microsoft.com/windows/servercore:ltsc2022", "COPY . .", "RUN dotnet publish"],
        },
      },
      { name: "an export", options: { when: "always" }, files: { Dockerfile: ["FROM scratch", "COPY server /"] } },
    ],
  },
});

function* checkBuild(build: Build, { options: { when } }: RuleContext<typeof options>): Iterable<Finding> {
  const { target, chain, closure } = build;
  const base = chain.at(-1);
  if (target === undefined || base === undefined || closure.size > chain.length) return;
  if (target.isWindows || target.isScratch) return;
  const evidence = chainEvidence(build, when === "dependency-install");
  const [strongest] = [...evidence].sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
  if (strongest === undefined && when !== "always") return;
  const what = strongest === undefined ? "everything it needs to be made" : `\`${strongest.what}\``;
  const related = evidence.map(({ what: part, range }) => ({
    range,
    message: `\`${part}\` is part of the shipped image`,
  }));
  const lean = takerOf(build);
  if (lean === undefined) {
    const message = `this image ships ${what}; build in a stage of its own and \`COPY --from\` only the result`;
    yield { range: base.anchor, message, related };
    return;
  }
  yield {
    range: base.anchor,
    message: `target \`${target.label}\` ships ${what}; build the stage below, which takes only the result`,
    related: [{ range: lean.anchor, message: `this stage copies from \`${target.label}\`` }, ...related],
  };
}

/** A stage that begins elsewhere and copies from the target: it is there already, and something else is built. */
function takerOf({ target, stages }: Build): StageView | undefined {
  if (target === undefined) return undefined;
  return stages.findLast(
    ({ lineage, copies }) =>
      !lineage.includes(target) && copies.some(({ from }) => from.kind === "stage" && from.stage === target),
  );
}

/** What convinces most comes first. */
const ORDER = ["command", "package", "sdk", "dependencies"];
