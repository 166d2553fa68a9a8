import { defineRule, type Finding, type Fix } from "../../src/engine/rule.js";
import {
  type MalformedImage,
  malformedImagesOfService,
  malformedImagesOfStage,
} from "../../src/project/malformed-images.js";
import { quoted } from "../../src/text/quoted.js";
import type { ImageReferenceProblem } from "../../src/values/image-reference.js";

export default defineRule({
  id: "syntax/use-valid-image-reference",
  summary: "References to images are well-formed",
  levels: { recommended: "error", strict: "error" },
  roles: "all",
  fixable: "sometimes",
  aliases: ["dockerfile-utils:INVALID_REFERENCE_FORMAT"],
  why: [
    "Builders and engines take a reference apart before they ask any registry, and stop at one that they cannot read.",
  ],
  references: [
    "https://github.com/distribution/reference/blob/v0.6.0/reference.go",
    "https://docs.docker.com/reference/cli/docker/image/tag/#description",
  ],
  // The name of a stage in another case, and what only looks like one.
  yieldsTo: ["stages/no-unknown-reference"],
  check: {
    *stage(stage) {
      for (const image of malformedImagesOfStage(stage)) yield findingOf(image);
    },
    *service(service) {
      for (const image of malformedImagesOfService(service)) yield findingOf(image);
    },
  },
  examples: {
    bad: [
      { name: "no tag behind the colon", message: "write a tag", files: { Dockerfile: ["FROM node«:»"] } },
      { name: "upper case", message: "`myorg`", files: { Dockerfile: ["FROM ghcr.io/«MyOrg»/app:1.0"] } },
      {
        name: "a digest that is cut",
        files: { Dockerfile: ["FROM node:22@«sha256:abc123»", "COPY --from=redis«@» /a /b"] },
      },
      {
        name: "marks that no tag has, and two tags",
        files: {
          Dockerfile: [
            "FROM node:«22+slim»",
            "FROM alpine:«3$»",
            "COPY --from=node:22«:slim» /a /b",
            "COPY --from=node:«-slim» /a /b",
          ],
        },
      },
      {
        name: "an address of the web",
        files: { Dockerfile: ["FROM «https://»ghcr.io/acme/api:1.4"] },
        fixed: { Dockerfile: ["FROM ghcr.io/acme/api:1.4"] },
      },
      { name: "a slash at the end", files: { Dockerfile: ["FROM acme/api«/»"] } },
      {
        name: "a mount and a name that no image has",
        files: {
          Dockerfile: [
            "FROM node:22",
            "RUN --mount=from=«acme-»/api:1,target=/t true",
            "COPY --from=«_acme_»/web:1 /a /b",
          ],
        },
      },
      {
        name: "services",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: acme/«Api»:1.4",
            "  web:",
            "    image: «http://»registry.acme.example/web:1",
            "    build:",
            "      context: .",
            "      tags:",
            '        - "acme/web«:»"',
            "      cache_from:",
            "        - type=registry,ref=acme/web:«c+»",
            "        - acme/«Web»",
            "      cache_to:",
            '        - "type=registry,mode=max,ref=acme/web«:»"',
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: acme/Api:1.4",
            "  web:",
            "    image: registry.acme.example/web:1",
            "    build:",
            "      context: .",
            "      tags:",
            '        - "acme/web:"',
            "      cache_from:",
            "        - type=registry,ref=acme/web:c+",
            "        - acme/Web",
            "      cache_to:",
            '        - "type=registry,mode=max,ref=acme/web:"',
          ],
        },
      },
      {
        name: "a default of a variable",
        files: { "compose.yaml": ["services:", "  db:", "    image: postgres:${PG_TAG:-«16+1»}"] },
      },
      {
        name: "a value that a service gives",
        files: {
          Dockerfile: ["ARG TAG=22", "FROM node:$TAG"],
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      context: .",
            "      args:",
            '        TAG: «"22+slim"»',
          ],
        },
      },
    ],
    good: [
      {
        name: "references",
        files: {
          Dockerfile: [
            "FROM node",
            "FROM localhost:5000/acme/api:1.4_rc-2",
            "FROM [::1]:5000/acme/api",
            "FROM node:22@sha256:3f8c0d7a91b2e6453f8c0d7a91b2e6453f8c0d7a91b2e6453f8c0d7a91b2e645",
            "COPY --from=acme__web/a.b-c:v1 /a /b",
          ],
        },
      },
      {
        name: "stages, their numbers and scratch",
        files: {
          Dockerfile: [
            "FROM node:22 AS Build",
            "FROM scratch",
            "COPY --from=Build /a /a",
            "COPY --from=0 /b /b",
            "RUN --mount=from=BUILD,target=/t /t/run",
          ],
        },
      },
      {
        name: "the name of a stage in another case, which has a rule of its own",
        files: { Dockerfile: ["FROM node:22 AS web", "FROM web"] },
      },
      {
        name: "values nobody can know",
        files: {
          Dockerfile: ["ARG TAG", "FROM node:${TAG}", "COPY --from=$STAGE /a /b"],
          "compose.yaml": ["services:", "  api:", "    image: acme/api:${TAG}", "  web:", "    image: ${IMAGE:?}"],
        },
      },
      {
        name: "defaults that make no image, which have a rule of their own",
        files: { Dockerfile: ["ARG TAG=", "FROM node:${TAG}"] },
      },
      { name: "a template", files: { "compose.yaml": ["services:", "  api:", "    image: acme/api:{{tag}}"] } },
      {
        name: "a named context and other stores of a cache",
        files: {
          Dockerfile: ["FROM node:22", "COPY --from=Assets /a /b"],
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      context: .",
            "      additional_contexts:",
            "        Assets: ./assets",
            "      cache_from:",
            "        - type=local,src=/Cache",
            "      cache_to:",
            "        - type=gha,mode=max",
          ],
        },
      },
    ],
  },
});

function findingOf({ reference, written, place }: MalformedImage): Finding {
  const { problem, span } = reference;
  const shown = place.isSecret ? "the reference" : quoted(written.shown);
  const part = place.isSecret ? "" : written.text.slice(span.start, span.end);
  const message = `${shown} ${describe(problem, part)}`;
  const related = place.use === undefined ? [] : [{ range: place.use, message: "used here" }];
  return {
    range: place.range,
    message,
    related,
    fix: problem === "scheme" && place.isExact ? dropScheme(place.range) : undefined,
  };
}

/** Safe: with the scheme there is no image at all. */
function dropScheme(range: Finding["range"]): Fix {
  return { description: "drop the scheme", safety: "safe", edits: [{ range, text: "" }] };
}

function describe(problem: ImageReferenceProblem, part: string): string {
  switch (problem) {
    case "empty":
      return "names no image; write one";
    case "blank":
      return "has a blank in it; remove it";
    case "scheme":
      return "begins like a web address; drop the scheme";
    case "upper-case":
      return part === ""
        ? "has upper case in its name; write it in lower case"
        : `has upper case in its name; write ${quoted(part.toLowerCase())}`;
    case "empty-tag":
      return "has nothing behind the colon; write a tag, or drop the colon";
    case "invalid-tag":
      return "has a tag that none can be; use letters, digits, `_`, `.` and `-`";
    case "long-tag":
      return "has a tag of more than 128 characters; shorten it";
    case "two-tags":
      return "has two tags; keep one";
    case "empty-digest":
      return "has nothing behind `@`; write a digest, or drop the `@`";
    case "invalid-digest":
      return "has a digest that is none; write `sha256:` and 64 hexadecimal digits";
    case "two-digests":
      return "has two digests; keep one";
    case "trailing-slash":
      return "ends in a slash; remove it";
    case "invalid-registry":
      return "has a registry that is no host name; correct it";
    case "invalid-name":
      return "has a name that none can be; use lower-case letters, digits and single marks between them";
    case "long-name":
      return "has a name that is too long; shorten it to 255 characters";
    case "identifier":
      return "is the id of an image, not a name; write a name, or `name@sha256:…`";
  }
}
