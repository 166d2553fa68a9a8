import { defineRule, type Finding, type Fix } from "../../src/engine/rule.js";
import { baseName } from "../../src/files/path.js";
import { hasCurlrc, type KeptDownload, keptDownloads, untriedDownload } from "../../src/project/broken-downloads.js";
import type { StageView } from "../../src/project/model.js";
import { hasWgetrc } from "../../src/project/progress-bars.js";
import type { DownloadFact } from "../../src/shell/fact-model.js";
import { HOLE, type Invocation } from "../../src/shell/model.js";
import { quoted } from "../../src/text/quoted.js";

export default defineRule({
  id: "shell/no-broken-downloads",
  summary: "A download that failed is not kept",
  levels: { recommended: "warning", strict: "error" },
  kinds: {
    fail: { summary: "curl keeps an error page as if it were the file" },
    redirect: {
      summary: "curl keeps the page that says where the file went",
      levels: { recommended: "info", strict: "warning" },
      aliases: ["tally:curl-should-follow-redirects"],
    },
    retry: {
      summary: "one lost connection fails the build",
      levels: { recommended: "off", strict: "info" },
      aliases: ["tally:prefer-curl-config", "tally:prefer-wget-config"],
    },
  },
  roles: ["production", "test", "ci"],
  fixable: "sometimes",
  why: [
    "For curl an answer is an answer: `404 Not Found` and `302 Found` exit with 0, their pages are saved, and the image " +
      "holds an HTML text where a program should be. With `-f` the build stops there, with `-L` it gets the file.",
  ],
  references: ["https://curl.se/docs/manpage.html#-f", "https://curl.se/docs/manpage.html#-L", "CWE-252"],
  mentions: { dockerfile: ["curl", "wget"] },
  check: { stage: checkStage },
  examples: {
    bad: [
      {
        name: "an error page as a program",
        message: "`curl` saves an error page as `tool`; add `-f`",
        kind: "fail",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN «curl» -L --retry 3 -o /usr/bin/tool https://acme.dev/tool",
            "RUN «curl» -sL --retry 3 https://acme.dev/a.tgz | tar -xz",
            "RUN «curl» -sL --retry 3 https://acme.dev/a.tgz > /a.tgz",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN curl -f -L --retry 3 -o /usr/bin/tool https://acme.dev/tool",
            "RUN curl -f -sL --retry 3 https://acme.dev/a.tgz | tar -xz",
            "RUN curl -f -sL --retry 3 https://acme.dev/a.tgz > /a.tgz",
          ],
        },
      },
      {
        name: "the page of a redirect",
        kind: "redirect",
        message: "`curl` saves the page of a redirect as `a.tgz`; add `-L`",
        files: {
          Dockerfile: ["FROM debian:12-slim", "RUN «curl» -fsSO --retry 3 https://acme.dev/a.tgz"],
        },
        fixed: { Dockerfile: ["FROM debian:12-slim", "RUN curl -L -fsSO --retry 3 https://acme.dev/a.tgz"] },
      },
      {
        name: "both",
        files: {
          Dockerfile: ["FROM debian:12-slim", 'RUN [««"curl"»», "--retry", "3", "-O", "https://acme.dev/a.tgz"]'],
        },
      },
      {
        name: "one try: curl, and GNU wget",
        kind: "retry",
        message: "one lost connection fails the build",
        files: {
          Dockerfile: [
            "FROM debian:12-slim AS a",
            "RUN «curl» -fsSLO https://acme.dev/a.tgz",
            "RUN curl -fsSLO https://acme.dev/b.tgz",
            "FROM debian:12-slim",
            "RUN «wget» -q https://acme.dev/a.tgz",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM debian:12-slim AS a",
            "RUN curl --retry 5 --retry-connrefused -fsSLO https://acme.dev/a.tgz",
            "RUN curl --retry 5 --retry-connrefused -fsSLO https://acme.dev/b.tgz",
            "FROM debian:12-slim",
            "RUN wget --tries=5 --retry-connrefused -q https://acme.dev/a.tgz",
          ],
        },
      },
    ],
    good: [
      {
        name: "all of it said",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN curl -fsSL --retry 3 -o /usr/bin/tool https://acme.dev/tool",
            "RUN curl --fail-with-body --location --retry 3 -O https://acme.dev/a.tgz",
            "RUN wget -q --tries=3 https://acme.dev/a.tgz",
          ],
        },
      },
      {
        name: "nothing is kept",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN curl --retry 3 -I https://acme.dev/ && curl --retry 3 https://acme.dev/ping && curl --version",
            "RUN curl --retry 3 -so /dev/null https://acme.dev/",
            "RUN curl --retry 3 -s -w '%{http_code}' -o /page https://acme.dev/",
          ],
        },
      },
      {
        name: "requests to change something, and files",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN curl --retry 3 -X DELETE -o /log https://acme.dev/a && curl --retry 3 -X PUT https://acme.dev/a | tee /log",
            "RUN curl --retry 3 -o /a file:///b",
          ],
        },
      },
      {
        name: "hosts that do not move",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN curl -f --retry 3 -o /a http://localhost:8000/a && curl -f --retry 3 -o /a http://10.0.0.4/a",
          ],
        },
      },
      {
        name: "options in a file",
        files: {
          Dockerfile: [
            "FROM debian:12-slim AS a",
            "RUN curl -K /curl.conf -O https://acme.dev/a.tgz",
            "FROM debian:12-slim AS b",
            "RUN echo '--fail' >> ~/.curlrc && curl -O https://acme.dev/a.tgz",
            "FROM debian:12-slim AS c",
            "ENV CURL_HOME=/etc/curl WGETRC=/etc/wget.conf",
            "RUN curl -O https://acme.dev/a.tgz && wget -q https://acme.dev/a.tgz",
            "FROM debian:12-slim",
            "COPY .curlrc /root/",
            "RUN curl -O https://acme.dev/a.tgz",
          ],
          ".curlrc": ["--fail"],
        },
      },
      {
        name: "the wget of busybox, and an image to work in",
        files: {
          Dockerfile: ["FROM alpine:3.21", "RUN wget -q https://acme.dev/a.tgz"],
          "Dockerfile.dev": ["FROM debian:12-slim", "RUN curl -O https://acme.dev/a.tgz"],
        },
      },
    ],
  },
});

function* checkStage(stage: StageView): Iterable<Finding> {
  const isSet = hasCurlrc(stage);
  if (!isSet) {
    for (const run of stage.runs) {
      if (!run.isOnbuild) for (const kept of keptDownloads(run)) yield* describe(kept);
    }
  }
  const untried = untriedDownload(stage);
  if (untried !== undefined && !(untried.tool === "curl" ? isSet : hasWgetrc(stage))) yield describeRetry(untried);
}

/** Unsafe, as all fixes here: a build that went on with the wrong page stops, or gets another one. */
function insert({ nameRange, via }: Invocation, text: string): Fix | undefined {
  if (via === "exec-form") return undefined;
  const { source, end } = nameRange;
  const edits = [{ range: source.range(end, end), text: ` ${text}` }];
  return { description: `add \`${text}\``, safety: "unsafe", edits };
}

function* describe({ download, keepsErrors, keepsRedirects }: KeptDownload): Iterable<Finding> {
  const { invocation } = download;
  const range = invocation.nameRange;
  const verb = download.output === "stdout" ? "hands on" : "saves";
  const name = nameOf(download);
  const as = name === undefined ? "" : ` as ${name}`;
  if (keepsErrors) {
    const message = `\`curl\` ${verb} an error page${as}; add \`-f\``;
    yield { kind: "fail", range, message, fix: insert(invocation, "-f") };
  }
  if (keepsRedirects) {
    const message = `\`curl\` ${verb} the page of a redirect${as}; add \`-L\``;
    yield { kind: "redirect", range, message, fix: insert(invocation, "-L") };
  }
}

function nameOf({ targetShape }: DownloadFact): string | undefined {
  if (targetShape === undefined) return undefined;
  const name = baseName(targetShape);
  return name.replaceAll(HOLE, "") === "" ? undefined : quoted(name.replaceAll(HOLE, "…"));
}

function describeRetry({ invocation, tool }: DownloadFact): Finding {
  const text = tool === "curl" ? "--retry 5 --retry-connrefused" : "--tries=5 --retry-connrefused";
  return {
    kind: "retry",
    range: invocation.nameRange,
    message: `one lost connection fails the build; add \`${text}\``,
    fix: insert(invocation, text),
  };
}
