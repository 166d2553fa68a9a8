import { defineRule, type Finding, option, type RuleContext } from "../../src/engine/rule.js";
import { baseName } from "../../src/files/path.js";
import { type DownloadUse, downloadUse, isChecked, isPinnedClone } from "../../src/project/download-uses.js";
import type { StageView } from "../../src/project/model.js";
import type { DownloadFact } from "../../src/shell/fact-model.js";
import { HOLE } from "../../src/shell/model.js";
import { quoted } from "../../src/text/quoted.js";
import { matchesGlob } from "../../src/values/glob.js";
import { hostOf, hostScope } from "../../src/values/host-scope.js";

const options = {
  allow: option.strings({
    default: [],
    description: "Hosts whose files need no check, `*` allowed: `*.corp.acme.dev`.",
  }),
};

export default defineRule({
  id: "shell/verify-downloads",
  summary: "What a RUN downloads is checked before it is used",
  levels: { strict: "info" },
  roles: ["production", "ci"],
  fixable: "never",
  why: [
    "TLS says which server has answered, not what it should have. A release that is replaced, an account that is taken over, " +
      "a cache that is poisoned: without a checksum or a signature the build takes what comes and runs it.",
  ],
  references: ["https://docs.docker.com/reference/dockerfile/#add---checksum", "CWE-494", "CWE-353", "CIS 4.11"],
  securitySeverity: 5.9,
  options,
  yieldsTo: ["shell/no-pipe-to-shell", "shell/use-secure-protocols"],
  mentions: { dockerfile: ["curl", "wget", "aria2c", "fetch", "http", "git"] },
  check: { stage: checkStage },
  examples: {
    bad: [
      {
        name: "a program that is made executable",
        message: "`tool` runs unverified",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN curl -fsSLo /usr/local/bin/tool «https://acme.dev/tool» && chmod +x /usr/local/bin/tool",
          ],
        },
      },
      {
        name: "an archive that is unpacked, by its file, by a pipe, in another RUN",
        message: "`node.tar.xz` is unpacked unverified",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "ARG VERSION",
            "RUN wget -q «https://nodejs.org/dist/node.tar.xz» && tar -xf node.tar.xz",
            "RUN curl -fsSL «https://nodejs.org/dist/a.tgz» | tar -xz -C /opt",
            "RUN curl -fsSLO «https://nodejs.org/dist/node-v$VERSION.zip» && ls",
            "RUN unzip node-v$VERSION.zip",
          ],
        },
      },
      {
        name: "a package, and a script",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN wget -qO /tmp/a.deb «https://acme.dev/a.deb» && dpkg -i /tmp/a.deb",
            "RUN curl -fsSLo setup.sh «https://acme.dev/setup» && sh setup.sh",
            "RUN curl -fsSLo /setup «https://acme.dev/setup» && /setup --yes",
          ],
        },
      },
      {
        name: "a repository that is built",
        message: "`api` is built unverified",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN git clone --branch v1.4 «https://github.com/acme/api» && cd api && make install",
            "RUN git clone «https://github.com/acme/cli.git» /src/cli && make -C /src/cli",
          ],
        },
      },
    ],
    good: [
      {
        name: "a checksum, a signature, an attestation, a sum that is compared",
        files: {
          Dockerfile: [
            "FROM debian:12-slim AS a",
            'RUN curl -fsSLo /t https://acme.dev/t && echo "9f86d081  /t" | sha256sum -c && chmod +x /t',
            "FROM debian:12-slim AS b",
            "RUN wget -q https://acme.dev/a.tgz https://acme.dev/a.tgz.asc && gpg --verify a.tgz.asc && tar -xf a.tgz",
            "FROM debian:12-slim AS c",
            "RUN wget -q https://acme.dev/a.tgz && gh attestation verify a.tgz -o acme && tar -xf a.tgz",
            "FROM debian:12-slim AS d",
            'RUN wget -q https://acme.dev/a.tgz && [ "$(sha256sum a.tgz | cut -c1-64)" = "$SUM" ] && tar -xf a.tgz',
          ],
        },
      },
      {
        name: "a commit, which is its own checksum",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN git clone https://github.com/acme/api && cd api && git checkout 3f8c0d7a91b2e6453f8c0d7a91b2e6453f8c0d7a && make",
          ],
        },
      },
      {
        name: "data, which nobody runs, and files that nobody can follow",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "ARG FILE",
            "RUN curl -fsSLo /etc/ssl/rds.pem https://acme.dev/rds.pem && chmod 644 /etc/ssl/rds.pem",
            "RUN curl -fsSLo $FILE https://acme.dev/a && sh $FILE",
            "RUN git clone https://github.com/acme/docs /srv/docs",
          ],
        },
      },
      {
        name: "downloads of package managers, pipes into a shell, the container itself",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN apt-get update && apt-get install -y jq && curl -fsSL https://acme.dev/x | sh",
            "RUN curl -fsSLo /a.sh http://localhost:8000/a.sh && sh /a.sh",
          ],
        },
      },
      {
        name: "hosts that the policy allows, and images to work in",
        options: { allow: ["*.corp.acme.dev"] },
        files: {
          Dockerfile: ["FROM debian:12-slim", "RUN curl -fsSLo /a.sh https://files.corp.acme.dev/a.sh && sh /a.sh"],
          "Dockerfile.dev": ["FROM debian:12-slim", "RUN curl -fsSLo /a.sh https://acme.dev/a.sh && sh /a.sh"],
        },
      },
    ],
  },
});

function* checkStage(stage: StageView, ctx: RuleContext<typeof options>): Iterable<Finding> {
  for (const run of stage.runs) {
    if (run.isOnbuild || run.facts.downloads.length === 0 || isChecked(run)) continue;
    for (const download of run.facts.downloads) {
      const host = hostOf(download.urlShape);
      if (host !== undefined && isTrusted(host, ctx.options.allow)) continue;
      if (download.tool === "git" && isPinnedClone(download, stage)) continue;
      const use = downloadUse(download, run);
      if (use !== undefined) yield describe(download, use);
    }
  }
}

function isTrusted(host: string, allow: readonly string[]): boolean {
  return hostScope(host) === "loopback" || allow.some((pattern) => matchesGlob(pattern, host));
}

const HOW = {
  built: "is built unverified",
  executed: "runs unverified",
  installed: "is installed unverified",
  unpacked: "is unpacked unverified",
} as const satisfies Record<DownloadUse["how"], string>;

function describe(download: DownloadFact, { how, by }: DownloadUse): Finding {
  const { targetShape, urlShape, urlRange, tool } = download;
  const name = baseName(targetShape ?? urlShape).replaceAll(HOLE, "…");
  const remedy = tool === "git" ? "check out a full commit" : "compare its SHA-256 first, or use `ADD --checksum`";
  return {
    range: urlRange,
    message: `${quoted(name)} ${HOW[how]}; ${remedy}`,
    related: [{ range: by.nameRange, message: "used here" }],
  };
}
