import { defineRule, type Finding, option, type RuleContext } from "../../src/engine/rule.js";
import type { StageView } from "../../src/project/model.js";
import { isVerifiedLater, type RemoteSource, remoteSources } from "../../src/project/remote-sources.js";
import { matchesGlob } from "../../src/values/glob.js";

const options = {
  allow: option.strings({ default: [], description: "Hosts that need no checksum, `*` allowed: `*.corp.example`." }),
};

export default defineRule({
  id: "layers/verify-remote-add",
  summary: "Remote sources of ADD are pinned and verified",
  levels: { recommended: "warning", strict: "error" },
  kinds: {
    http: {
      summary: "a file by https without a checksum",
      aliases: ["kics:curl-or-wget-instead-of-add", "kics:4b410d24-1cbe-4430-a632-62c9a931cf1c"],
    },
    "plain-http": { summary: "an address without encryption, and no checksum" },
    git: { summary: "a repository without a tag, a commit or a checksum" },
  },
  roles: "all",
  fixable: "never",
  why: [
    "What ADD fetches runs in the image, or is compiled into it. Without a checksum the image holds whatever that host sends " +
      "on the day of the build: a new version, an error page, or what an attacker has put there.",
  ],
  references: [
    "https://docs.docker.com/reference/dockerfile/#add---checksum",
    "CWE-494",
    "CWE-829",
    "CIS 4.11",
    "CIS 4.12",
  ],
  securitySeverity: 6.5,
  options,
  mentions: { dockerfile: ["add"] },
  check: { stage: checkStage },
  examples: {
    bad: [
      {
        name: "an archive",
        kind: "http",
        message: "`example.com`",
        files: { Dockerfile: ["FROM debian:12-slim", "ADD «https://example.com/tool.tgz» /opt/"] },
      },
      {
        name: "the version is known, the content is not",
        kind: "http",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "ARG VERSION=1.4.2",
            "ADD «https://example.com/tool-${VERSION}.tgz» /opt/",
          ],
        },
      },
      {
        name: "without encryption",
        kind: "plain-http",
        files: { Dockerfile: ["FROM debian:12-slim", "ADD «http://example.com/tool.tgz» /opt/"] },
      },
      {
        name: "the git protocol",
        kind: "plain-http",
        files: { Dockerfile: ["FROM scratch", "ADD «git://example.com/acme/api.git#v1.4.2» /src"] },
      },
      {
        name: "a repository without a ref",
        kind: "git",
        files: { Dockerfile: ["FROM golang:1.24", "ADD «https://github.com/acme/api.git» /src"] },
      },
      {
        name: "a branch",
        kind: "git",
        message: "branch `main`",
        files: { Dockerfile: ["FROM golang:1.24", "ADD «https://github.com/acme/api.git#main:cmd» /src"] },
      },
      {
        name: "a branch in the query",
        kind: "git",
        files: { Dockerfile: ["FROM golang:1.24", "ADD «https://github.com/acme/api.git?branch=next» /src"] },
      },
      {
        name: "a repository by ssh",
        kind: "git",
        files: { Dockerfile: ["FROM golang:1.24", "ADD «git@github.com:acme/api.git» /src"] },
      },
      {
        name: "a RUN before the ADD verifies something else",
        kind: "http",
        files: {
          Dockerfile: ["FROM debian:12-slim", "RUN sha256sum -c /etc/sums", "ADD «https://example.com/tool.tgz» /opt/"],
        },
      },
      {
        name: "another host is allowed",
        kind: "http",
        options: { allow: ["*.corp.example"] },
        files: { Dockerfile: ["FROM debian:12-slim", "ADD «https://example.com/tool.tgz» /opt/"] },
      },
    ],
    good: [
      {
        name: "a checksum",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "ADD --checksum=sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 https://example.com/tool.tgz /opt/",
          ],
        },
      },
      {
        name: "a commit",
        files: {
          Dockerfile: [
            "FROM golang:1.24",
            "ADD https://github.com/acme/api.git#2f1c6f7b0a4d5e8c9b7a6f5e4d3c2b1a09f8e7d6:cmd /src",
          ],
        },
      },
      {
        name: "a commit in the query",
        files: {
          Dockerfile: [
            "FROM golang:1.24",
            "ADD https://github.com/acme/api.git?ref=v1&checksum=2f1c6f7b0a4d5e8c9b7a6f5e4d3c2b1a09f8e7d6 /src",
          ],
        },
      },
      {
        name: "the tag of a version",
        files: { Dockerfile: ["FROM golang:1.24", "ADD https://github.com/acme/api.git#v1.4.2 /src"] },
      },
      {
        name: "a later RUN checks the sum",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "ARG SUM",
            "ADD https://example.com/tool.tgz /tmp/",
            'RUN echo "$SUM /tmp/tool.tgz" | sha256sum -c - && tar -xf /tmp/tool.tgz -C /opt',
          ],
        },
      },
      {
        name: "a stage on top checks the signature",
        files: {
          Dockerfile: [
            "FROM debian:12-slim AS download",
            "ADD https://example.com/tool.tgz https://example.com/tool.tgz.asc /tmp/",
            "FROM download",
            "RUN gpg --verify /tmp/tool.tgz.asc /tmp/tool.tgz",
          ],
        },
      },
      {
        name: "an address nobody can know",
        files: { Dockerfile: ["FROM debian:12-slim", "ARG URL", "ADD $URL /opt/"] },
      },
      { name: "a file of the context", files: { Dockerfile: ["FROM debian:12-slim", "ADD tool.tgz /opt/"] } },
      {
        name: "a host that the policy allows",
        options: { allow: ["*.corp.example"] },
        files: { Dockerfile: ["FROM debian:12-slim", "ADD https://files.corp.example/tool.tgz /opt/"] },
      },
    ],
  },
});

function* checkStage(stage: StageView, { options: { allow } }: RuleContext<typeof options>): Iterable<Finding> {
  for (const source of remoteSources(stage)) {
    if (source.isPinned || allow.some((pattern) => matchesGlob(pattern, source.host))) continue;
    if (isVerifiedLater(source)) continue;
    yield { ...describe(source), range: source.range };
  }
}

function describe(source: RemoteSource): Pick<Finding, "kind" | "message"> {
  const { host, kind, ref } = source;
  if (!source.isEncrypted) {
    const pin = kind === "git" ? "use `https://` and a commit" : "add `--checksum=sha256:…`";
    return { kind: "plain-http", message: `anybody on the way to \`${host}\` can change what it sends; ${pin}` };
  }
  if (kind === "url") {
    return { kind: "http", message: `\`${host}\` can send another file at any time; add \`--checksum=sha256:…\`` };
  }
  const what = ref === undefined ? "the default branch" : `branch \`${ref.slice(0, 40)}\``;
  return { kind: "git", message: `${what} of a repository at \`${host}\` moves; name a commit after \`#\`` };
}
