import { isDistribution } from "../../src/data/distributions.js";
import { defineRule, type Finding, option, type RuleContext } from "../../src/engine/rule.js";
import { resolvePath } from "../../src/files/path.js";
import type { Build, CopyView } from "../../src/project/model.js";

const options = {
  allowSystemDirs: option.strings({
    default: [],
    description: "System folders that may be copied as a whole: `/opt`.",
  }),
};

export default defineRule({
  id: "stages/no-whole-filesystem-copy",
  summary: "A stage copies artefacts, not another stage's file system",
  levels: { recommended: "warning", strict: "warning" },
  kinds: {
    root: { summary: "everything, onto everything", aliases: ["hadolint:DL3067"] },
    "system-dir": { summary: "a system folder as a whole", levels: { recommended: "info", strict: "info" } },
    squash: { summary: "everything, into an empty image", levels: { recommended: "off", strict: "off" } },
  },
  roles: ["production"],
  fixable: "never",
  why: [
    "What a builder stage keeps out of the image comes back in one line: compilers, caches, and its package database " +
      "over that of the base, so that scanners and package managers see packages that are not there.",
  ],
  references: ["https://docs.docker.com/build/building/multi-stage/", "CIS 4.3"],
  options,
  mentions: { dockerfile: ["from="] },
  check: { build: checkBuild },
  examples: {
    bad: [
      {
        name: "the whole builder",
        kind: "root",
        files: {
          Dockerfile: [
            "FROM golang:1.22 AS build",
            "RUN go build -o /out/api .",
            "FROM alpine:3.20",
            "COPY --from=build «/» /",
          ],
        },
      },
      {
        name: "the whole of an image, by a wildcard",
        kind: "root",
        files: { Dockerfile: ["FROM debian:12.9-slim", "COPY --from=mysql:8.4 «/*» /"] },
      },
      {
        name: "all programs",
        kind: "system-dir",
        message: "`/usr/local/bin`",
        files: {
          Dockerfile: [
            "FROM node:22.14.0 AS build",
            "RUN npm install -g serve@14.2.4",
            "FROM python:3.12-slim",
            "COPY --from=build «/usr/local/bin» /usr/local/bin",
          ],
        },
      },
      {
        name: "two system folders, with a slash and without",
        kind: "system-dir",
        files: { Dockerfile: ["FROM node:22.14.0 AS build", "FROM debian:12.9", "COPY --from=build «/usr/» «etc» /"] },
      },
      {
        name: "a stage made from the one that is copied to",
        kind: "root",
        files: {
          Dockerfile: [
            "FROM golang:1.22 AS build",
            "FROM alpine:3.20 AS base",
            "COPY --from=build «/» /",
            "FROM base",
            "USER 1000",
          ],
        },
      },
      {
        name: "squashed into one layer",
        kind: "squash",
        files: {
          Dockerfile: [
            "FROM debian:12.9 AS root",
            "RUN rm -rf /usr/share/doc",
            "FROM scratch",
            "COPY --from=root «/» /",
          ],
        },
      },
    ],
    good: [
      {
        name: "the program alone",
        files: {
          Dockerfile: [
            "FROM golang:1.22 AS build",
            "FROM alpine:3.20",
            "COPY --from=build /out/api /usr/local/bin/api",
          ],
        },
      },
      {
        name: "one program of a system folder",
        files: {
          Dockerfile: [
            "FROM rust:1.84 AS build",
            "FROM debian:12.9",
            "COPY --from=build /usr/local/bin/api /usr/local/bin/",
          ],
        },
      },
      {
        name: "squashing is not asked about",
        preset: "recommended",
        files: { Dockerfile: ["FROM debian:12.9 AS root", "FROM scratch", "COPY --from=root / /"] },
      },
      {
        name: "a stage that holds nothing but artefacts",
        files: { Dockerfile: ["FROM scratch AS files", "COPY etc /etc", "FROM alpine:3.20", "COPY --from=files / /"] },
      },
      {
        name: "folders that a distribution leaves to the administrator",
        files: {
          Dockerfile: [
            "FROM debian:12.9 AS build",
            "RUN ./configure && make install",
            "FROM debian:12.9-slim",
            "COPY --from=build /usr/local /usr/local",
          ],
        },
      },
      {
        name: "folders that only pip adds to, where both stages have the same image",
        files: {
          Dockerfile: [
            "FROM python:3.12-slim AS build",
            "RUN pip install gunicorn==23.0.0",
            "FROM python:3.12-slim",
            "COPY --from=build /usr/local/lib/python3.12/site-packages /usr/local/lib/python3.12/site-packages",
            "COPY --from=build /usr/local/bin /usr/local/bin",
          ],
        },
      },
      {
        name: "with something left out",
        files: {
          Dockerfile: [
            "FROM node:22.14.0 AS build",
            "FROM debian:12.9",
            "COPY --from=build --exclude=share /usr/local /usr/local",
          ],
        },
      },
      {
        name: "a prepared root",
        files: { Dockerfile: ["FROM debian:12.9 AS build", "FROM alpine:3.20", "COPY --from=build /rootfs/ /"] },
      },
      { name: "from the context", files: { Dockerfile: ["FROM alpine:3.20", "COPY / /srv/"] } },
      {
        name: "all of it, below a folder",
        files: { Dockerfile: ["FROM alpine:3.20 AS root", "FROM debian:12.9", "COPY --from=root / /rootfs/"] },
      },
      {
        name: "a builder stage",
        files: {
          Dockerfile: [
            "FROM node:22.14.0 AS node",
            "FROM python:3.12 AS build",
            "COPY --from=node /usr/local /usr/local",
            "FROM nginx:1.27.4",
            "COPY --from=build /dist /srv",
          ],
        },
      },
      {
        name: "allowed by the policy",
        options: { allowSystemDirs: ["/usr/local/bin/"] },
        files: {
          Dockerfile: [
            "FROM node:22.14.0 AS build",
            "FROM python:3.12",
            "COPY --from=build /usr/local/bin /usr/local/bin",
          ],
        },
      },
      {
        name: "a trigger",
        files: { Dockerfile: ["FROM alpine:3.20 AS root", "FROM debian:12.9", "ONBUILD COPY --from=root / /"] },
      },
      {
        name: "a development image",
        files: { "Dockerfile.dev": ["FROM node:22.14.0 AS n", "FROM python:3.12", "COPY --from=n / /"] },
      },
    ],
  },
});

/** Folders that are made of what an image brings. */
const SYSTEM = [
  "/usr",
  "/usr/local",
  "/usr/bin",
  "/usr/local/bin",
  "/usr/local/lib",
  "/etc",
  "/lib",
  "/opt",
  "/var",
  "/home",
  "/root",
];

/** Those of them that package managers of systems leave alone, and distributions deliver empty. */
const UNMANAGED = new Set(["/usr/local", "/usr/local/bin", "/usr/local/lib", "/opt", "/home"]);

function* checkBuild(
  { chain }: Build,
  { options: { allowSystemDirs } }: RuleContext<typeof options>,
): Iterable<Finding> {
  const allowed = new Set(allowSystemDirs.map((path) => resolvePath("/", path)));
  for (const stage of chain) {
    if (stage.isWindows) continue;
    for (const copy of stage.copies) yield* checkCopy(copy, allowed);
  }
}

function* checkCopy(copy: CopyView, allowed: ReadonlySet<string>): Iterable<Finding> {
  const { from, instruction, destination, stage } = copy;
  if (from.kind !== "stage" && from.kind !== "image") return;
  // What only holds what was put there may be taken as a whole.
  if (copy.isOnbuild || instruction.exclude.length > 0 || (from.kind === "stage" && from.stage.isScratch)) return;
  const name = from.kind === "stage" ? from.stage.label : from.reference;
  for (const { kind, path: written, range } of copy.sources) {
    if (kind !== "path" || written === undefined) continue;
    const path = resolvePath("/", written);
    if (path === "/" || path === "/*") {
      if (destination !== "/") continue;
      const remedy = "name the files that are needed";
      yield {
        kind: stage.isScratch ? "squash" : "root",
        range,
        message: `\`${written}\` brings the whole file system of \`${name}\`; ${remedy}`,
      };
    } else if (SYSTEM.includes(path) && !allowed.has(path) && !isMadeHere(copy, path)) {
      const remedy = path.endsWith("/bin") ? "name the programs" : "name the folders that are needed";
      yield { kind: "system-dir", range, message: `\`${written}\` brings all that \`${name}\` has there; ${remedy}` };
    }
  }
}

/** Whether a folder holds no more than the stage put there: the image has nothing in it, or the same as where it goes. */
function isMadeHere({ from, stage }: CopyView, path: string): boolean {
  if (from.kind !== "stage" || !UNMANAGED.has(path)) return false;
  const { image } = from.stage;
  if (image === undefined) return false;
  return isDistribution(image.name) || image.written === stage.image?.written;
}
