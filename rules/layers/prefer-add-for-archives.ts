import { defineRule, type Finding, type Fix } from "../../src/engine/rule.js";
import { frontendBefore } from "../../src/project/frontend.js";
import { removeInstruction } from "../../src/project/instruction-edits.js";
import type { StageView } from "../../src/project/model.js";
import { type HandFetch, handFetches } from "../../src/project/unpacked-archives.js";

type Local = Extract<HandFetch, { kind: "local" }>;
type Remote = Exclude<HandFetch, { kind: "local" }>;

export default defineRule({
  id: "layers/prefer-add-for-archives",
  summary: "Archives and repositories are fetched and unpacked by the builder",
  levels: { recommended: "info", strict: "info" },
  kinds: {
    local: { summary: "an archive of the context that a RUN unpacks", aliases: ["hadolint:DL3010"] },
    remote: { summary: "an archive that a RUN downloads and unpacks", aliases: ["tally:prefer-add-unpack"] },
    git: { summary: "a repository that a RUN clones", aliases: ["tally:prefer-add-git"] },
    url: { summary: "a file that a RUN downloads", levels: { recommended: "off", strict: "off" } },
  },
  roles: "all",
  fixable: "sometimes",
  why: [
    "An archive that is copied first stays in its layer, also when a later step removes it. The builder unpacks archives, fetches " +
      "them with a checksum, and takes a commit of a repository, without curl, tar or git in the image.",
    "What ADD fetches is compared with what is there now; a RUN is cached by its text and never looks again.",
  ],
  references: [
    "https://docs.docker.com/reference/dockerfile/#add---unpack",
    "https://docs.docker.com/build/building/best-practices/#add-or-copy",
  ],
  mentions: { dockerfile: ["tar", "curl", "wget", "git"] },
  check: { stage: checkStage },
  examples: {
    bad: [
      {
        name: "copied, then unpacked",
        kind: "local",
        message: "`rootfs.tar.gz`",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "COPY «rootfs.tar.gz» /tmp/",
            "RUN tar -xzf /tmp/rootfs.tar.gz -C / && rm /tmp/rootfs.tar.gz",
          ],
        },
        fixed: { Dockerfile: ["FROM debian:12-slim", "ADD rootfs.tar.gz /"] },
      },
      {
        name: "under another name, in a RUN that does more",
        kind: "local",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "COPY «build/api-1.4.tgz» /tmp/api.tgz",
            "WORKDIR /opt",
            "RUN tar xf /tmp/api.tgz && ./api/setup",
          ],
        },
      },
      {
        name: "downloaded into tar",
        kind: "remote",
        message: "`ADD --unpack=true`",
        files: {
          Dockerfile: [
            "FROM buildpack-deps:bookworm",
            "RUN «curl -fsSL https://example.com/tool-1.4.tar.gz» | tar -xz -C /opt",
          ],
        },
        fixed: {
          Dockerfile: ["FROM buildpack-deps:bookworm", "ADD --unpack=true https://example.com/tool-1.4.tar.gz /opt/"],
        },
      },
      {
        name: "downloaded, unpacked, removed, with a known version",
        kind: "remote",
        files: {
          Dockerfile: [
            "FROM buildpack-deps:bookworm",
            "ARG VERSION=1.4",
            "RUN «wget -O /tmp/tool.tgz https://example.com/tool-${VERSION}.tgz» && tar -xf /tmp/tool.tgz -C /opt && rm /tmp/tool.tgz && apt-get update",
          ],
        },
      },
      {
        name: "a clone",
        kind: "git",
        files: {
          Dockerfile: [
            "FROM golang:1.24 AS build",
            "RUN «git clone --depth 1 --branch v1.4 https://github.com/acme/api.git /src»",
          ],
        },
      },
      {
        name: "one file",
        kind: "url",
        files: {
          Dockerfile: ["FROM buildpack-deps:bookworm", "RUN «curl -o /usr/bin/tool https://example.com/tool»"],
        },
      },
    ],
    good: [
      { name: "unpacked by ADD", files: { Dockerfile: ["FROM debian:12-slim", "ADD rootfs.tar.gz /"] } },
      {
        name: "a part of the path, or of the archive",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "COPY a.tgz b.tgz /tmp/",
            "RUN tar -xf /tmp/a.tgz --strip-components=1 -C /opt",
            "RUN tar -xf /tmp/b.tgz -C /opt bin/tool",
          ],
        },
      },
      {
        name: "an archive that ADD does not unpack",
        files: { Dockerfile: ["FROM debian:12-slim", "COPY app.zip /tmp/", "RUN unzip /tmp/app.zip -d /opt"] },
      },
      {
        name: "an archive of another stage, which ADD cannot take",
        files: {
          Dockerfile: [
            "FROM debian:12-slim AS build",
            "RUN tar -cf /out.tar /srv",
            "FROM debian:12-slim",
            "COPY --from=build /out.tar /tmp/",
            "RUN tar -xf /tmp/out.tar -C /",
          ],
        },
      },
      {
        name: "a checksum that the RUN compares",
        files: {
          Dockerfile: [
            "FROM buildpack-deps:bookworm",
            "RUN curl -fsSLo /tmp/t.tgz https://example.com/t.tgz && echo 'abc /tmp/t.tgz' | sha256sum -c && tar -xf /tmp/t.tgz -C /opt",
          ],
        },
      },
      {
        name: "a header, or credentials",
        files: {
          Dockerfile: [
            "FROM buildpack-deps:bookworm",
            "RUN curl -H 'Accept: application/octet-stream' https://example.com/t.tgz | tar -xz -C /opt",
            "RUN --mount=type=secret,id=netrc curl https://example.com/u.tgz | tar -xz -C /opt",
          ],
        },
      },
      {
        name: "an address nobody can know",
        files: {
          Dockerfile: [
            "FROM buildpack-deps:bookworm",
            "RUN curl https://example.com/$(uname -m).tgz | tar -xz -C /opt",
          ],
        },
      },
      {
        name: "sources that are gone at the end of the RUN",
        files: {
          Dockerfile: [
            "FROM buildpack-deps:bookworm",
            "RUN curl https://example.com/t.tgz | tar -xz -C /usr/src/t && make -C /usr/src/t install && rm -rf /usr/src/t",
            "RUN git clone https://github.com/acme/t.git /usr/src/t && make -C /usr/src/t install && rm -rf /usr/src/t",
          ],
        },
      },
      {
        name: "submodules, and Git commands that ADD has nothing for",
        files: {
          Dockerfile: [
            "FROM golang:1.24",
            "RUN git clone --recurse-submodules https://github.com/acme/api.git /a",
            "RUN git clone https://github.com/acme/api.git /b && git -C /b apply /fix.patch",
          ],
        },
      },
      {
        name: "a frontend that cannot unpack what it fetches",
        files: {
          Dockerfile: [
            "# syntax=docker/dockerfile:1.7",
            "FROM buildpack-deps:bookworm",
            "RUN curl https://example.com/t.tgz | tar -xz -C /opt",
          ],
        },
      },
    ],
  },
});

function* checkStage(stage: StageView): Iterable<Finding> {
  if (stage.isWindows) return;
  for (const fetch of handFetches(stage)) {
    if (fetch.kind === "local") yield ofLocal(fetch);
    else if (isUnderstood(fetch, stage)) yield ofRemote(fetch);
  }
}

/** ADD takes repositories from 1.5 on, and unpacks what it fetches from 1.17 on. */
function isUnderstood({ kind }: Remote, stage: StageView): boolean {
  if (kind === "url") return true;
  return frontendBefore(stage, 1, kind === "git" ? 5 : 17) !== true;
}

function ofLocal(fetch: Local): Finding {
  const { source, unpack } = fetch;
  const name = short(source.path ?? "");
  return {
    kind: "local",
    range: source.range,
    message: `\`${name}\` stays in a layer beside what \`tar\` makes of it; \`ADD\` unpacks it at once`,
    related: [{ range: unpack.range, message: "unpacked here" }],
    fix: unpackByAdd(fetch),
  };
}

function ofRemote(fetch: Remote): Finding {
  const { kind, download, run } = fetch;
  const { range } = download.invocation;
  if (kind === "git") {
    return { kind, range, message: "`git clone` in a RUN is cached by its text; `ADD` takes the commit itself" };
  }
  const { tool } = download;
  if (kind === "url") {
    return { kind, range, message: `\`${tool}\` fetches one file; \`ADD --checksum=…\` does it without a RUN` };
  }
  const fix = run.stage.build.dockerfile.source.embedding === undefined ? fetchByAdd(fetch) : undefined;
  return { kind, range, message: `\`${tool}\` and \`tar\` unpack one archive; \`ADD --unpack=true\` does both`, fix };
}

function short(text: string): string {
  return text.length > 40 ? `…${text.slice(-39)}` : text;
}

/** Unsafe: ADD keeps the owners that the archive has. */
function unpackByAdd({ copy, run, folder, isAll }: Local): Fix | undefined {
  const { instruction } = copy;
  const destination = copy.destinationRange;
  if (!isAll || folder === undefined || copy.sources.length !== 1 || destination === undefined) return undefined;
  if (instruction.flags.length > 0 || instruction.form !== "shell" || /[\s"']/.test(folder)) return undefined;
  const removal = removeInstruction(run.instruction);
  if (removal === undefined || run.stage.build.dockerfile.source.embedding !== undefined) return undefined;
  return {
    description: "unpack with `ADD`",
    safety: "unsafe",
    edits: [{ range: instruction.keywordRange, text: "ADD" }, { range: destination, text: asFolder(folder) }, removal],
  };
}

/** Unsafe: ADD looks at the address with each build, and keeps the owners that the archive has. */
function fetchByAdd({ run, download, folder, isAll }: Remote): Fix | undefined {
  const { instruction } = run;
  const { url, urlRange } = download;
  if (!isAll || folder === undefined || instruction.flags.length > 0 || /[\s"']/.test(folder)) return undefined;
  const { source } = urlRange;
  if (url === undefined || source.text.slice(urlRange.start, urlRange.end) !== url) return undefined;
  const text = `ADD --unpack=true ${url} ${asFolder(folder)}`;
  return { description: "fetch and unpack with `ADD`", safety: "unsafe", edits: [{ range: instruction.range, text }] };
}

function asFolder(folder: string): string {
  return folder.endsWith("/") ? folder : `${folder}/`;
}
