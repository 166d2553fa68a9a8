import { defineRule, type Finding, type Fix, option, type RuleContext } from "../../src/engine/rule.js";
import { downloadUse, isChecked, isSoundVerification } from "../../src/project/download-uses.js";
import type { RunView, StageView } from "../../src/project/model.js";
import {
  type ClearTextUrl,
  clearTextUrls,
  type OldTlsOption,
  oldTlsOptions,
  openRedirect,
  weakChecks,
} from "../../src/project/protocol-flaws.js";
import { writtenRuns } from "../../src/project/written-runs.js";
import { HOLE } from "../../src/shell/model.js";
import { quoted } from "../../src/text/quoted.js";

const options = {
  redirects: option.boolean({
    default: false,
    description: "Whether a `curl -L` may not leave https: it needs `--proto '=https'`.",
  }),
  allow: option.strings({ default: [], description: "Hosts that are reached without encryption on purpose." }),
};

type Context = RuleContext<typeof options>;

export default defineRule({
  id: "shell/use-secure-protocols",
  summary: "Transfers are encrypted and checks use sound algorithms",
  levels: { recommended: "warning", strict: "error" },
  kinds: {
    "clear-text": { summary: "a download by an address without encryption" },
    downgrade: { summary: "redirects may lead out of https", levels: { recommended: "off", strict: "info" } },
    tls: { summary: "a version of TLS that can be broken" },
    hash: { summary: "a download that only MD5 or SHA-1 vouches for" },
  },
  roles: ["production", "ci"],
  fixable: "sometimes",
  why: [
    "Whoever is on the way can change what comes over `http:`, and the build runs it. TLS before 1.2 can be broken, and two " +
      "files with one MD5 or SHA-1 sum are made in minutes, so that neither says who has sent what.",
    "Addresses of ADD are judged by layers/verify-remote-add, together with their checksums.",
  ],
  references: ["https://www.rfc-editor.org/rfc/rfc8996", "CWE-319", "CWE-757", "CWE-327", "CWE-328"],
  securitySeverity: 6.5,
  options,
  mentions: { dockerfile: ["://", "sslv", "tls", "ssl", "md5", "sha1", "shasum"] },
  check: { stage: checkStage },
  examples: {
    bad: [
      {
        name: "an archive without encryption",
        kind: "clear-text",
        message: "`http://acme.dev/tool.tgz` can be altered on its way; use `https://`",
        files: {
          Dockerfile: ["FROM debian:12-slim", "RUN wget -q «http://acme.dev/tool.tgz» && tar xf tool.tgz"],
        },
        fixed: { Dockerfile: ["FROM debian:12-slim", "RUN wget -q https://acme.dev/tool.tgz && tar xf tool.tgz"] },
      },
      {
        name: "other schemes, package managers, and data",
        kind: "clear-text",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN curl -fsS «ftp://ftp.acme.dev/a.tgz» | tar -xz",
            "RUN git clone «git://git.acme.dev/api.git» && rsync -a «rsync://acme.dev/data» /data",
            "RUN pip install --index-url «http://pypi.acme.dev/simple» acme==1.4.2",
            "RUN npm ci --registry=«http://npm.acme.dev»",
            'RUN curl -fsSo /words «"http://acme.dev/$LIST"»',
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN curl -fsS ftp://ftp.acme.dev/a.tgz | tar -xz",
            "RUN git clone git://git.acme.dev/api.git && rsync -a rsync://acme.dev/data /data",
            "RUN pip install --index-url https://pypi.acme.dev/simple acme==1.4.2",
            "RUN npm ci --registry=https://npm.acme.dev",
            'RUN curl -fsSo /words "https://acme.dev/$LIST"',
          ],
        },
      },
      {
        name: "old versions of TLS",
        kind: "tls",
        message: "`--tlsv1.0` allows TLS that can be broken",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN curl «--tlsv1.0» -fsSLO https://acme.dev/a && curl «--tls-max» 1.1 -fsSLO https://acme.dev/a",
            "RUN wget -q «--secure-protocol=TLSv1» https://acme.dev/a && openssl s_client «-ssl3» -connect acme.dev:443",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN curl -fsSLO https://acme.dev/a && curl -fsSLO https://acme.dev/a",
            "RUN wget -q https://acme.dev/a && openssl s_client -connect acme.dev:443",
          ],
        },
      },
      {
        name: "sums that can be forged",
        kind: "hash",
        message: "`md5sum` can be forged",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN wget -q https://acme.dev/a && echo '7d793037a076  a' | «md5sum» -c -",
            'RUN wget -q https://acme.dev/a && echo "$SUM  a" | «sha1sum» --check',
            'RUN wget -q https://acme.dev/a && test "$(«openssl» sha1 a)" = "$SUM"',
          ],
        },
      },
      {
        name: "redirects, for those who ask for it",
        kind: "downgrade",
        options: { redirects: true },
        files: { Dockerfile: ["FROM debian:12-slim", "RUN curl -fsS«L»O https://acme.dev/a"] },
      },
    ],
    good: [
      {
        name: "https, and a scheme that nobody knows",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN wget -q https://acme.dev/tool.tgz && tar xf tool.tgz && curl -fsSLO acme.dev/a && curl $URL",
            "RUN git clone git@github.com:acme/api.git",
          ],
        },
      },
      {
        name: "near hosts, documentation, mirrors of distributions, lists of authorities",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN curl -fsSO http://localhost:8000/a && curl -fsSO http://169.254.169.254/latest && curl -fsSO http://files/a",
            "RUN curl -fsSO http://files.acme.internal/a && curl -fsSO http://example.com/a && curl http://10.1.2.3/a | tar x",
            "RUN wget -q http://deb.debian.org/debian/a.deb && wget -q http://crl.acme.dev/x && wget -q http://acme.dev/ca.crl",
            "RUN curl -fsSo /dev/null http://acme.dev/",
            "RUN apt-get -o Acquire::http::Proxy=http://proxy.acme.dev:3128 update && npm config set proxy http://proxy.acme.dev",
          ],
        },
      },
      {
        name: "a sound check, beside a weak one too",
        files: {
          Dockerfile: [
            "FROM debian:12-slim AS a",
            'RUN wget -q http://acme.dev/a && echo "$SUM  a" | sha256sum -c && echo "$MD5  a" | md5sum -c',
            "FROM debian:12-slim AS b",
            "RUN wget -q http://acme.dev/a http://acme.dev/a.asc && gpg --verify a.asc a",
          ],
        },
      },
      {
        name: "sums of what is not downloaded, addresses as text and in settings",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN md5sum -c /sums && md5sum /etc/passwd",
            "RUN echo 'deb http://acme.dev/apt stable main' > /etc/apt/sources.list.d/a.list",
            "LABEL org.opencontainers.image.url=http://acme.dev",
            "ENV NS=http://www.w3.org/2001/XMLSchema",
            "RUN curl --tlsv1.2 -fsSLO https://acme.dev/a && curl --tls-max 1.3 -fsSLO https://acme.dev/a",
          ],
        },
      },
      {
        name: "limited redirects",
        options: { redirects: true },
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN curl --proto '=https' -fsSLO https://acme.dev/a && curl -fsSO https://acme.dev/a",
          ],
        },
      },
      {
        name: "redirects, where nobody asks, hosts that the policy allows, images to work in",
        options: { allow: ["files.acme.dev"] },
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN curl -fsSLO https://acme.dev/a && curl -fsSO http://files.acme.dev/a",
          ],
          "Dockerfile.dev": ["FROM debian:12-slim", "RUN curl -fsSO http://acme.dev/a"],
        },
      },
    ],
  },
});

function* checkStage(stage: StageView, ctx: Context): Iterable<Finding> {
  for (const run of writtenRuns(stage)) {
    for (const url of clearTextUrls(run, ctx.options.allow)) {
      if (!isChecked(run, isSoundVerification)) yield describeUrl(url, run);
    }
    for (const command of run.commands) {
      for (const found of oldTlsOptions(command)) yield describeTls(found);
      const redirect = ctx.options.redirects ? openRedirect(command) : undefined;
      if (redirect !== undefined) {
        const message = "`curl -L` follows out of `https`; add `--proto '=https'`";
        yield { kind: "downgrade", range: redirect, message };
      }
    }
    for (const { name = "", nameRange } of weakChecks(run)) {
      yield { kind: "hash", range: nameRange, message: `\`${name}\` can be forged; compare a SHA-256 sum` };
    }
  }
}

/** Unsafe: a server may not answer by TLS, or with something else. */
function describeUrl({ range, shape, download, scheme }: ClearTextUrl, run: RunView): Finding {
  const isUsed = download === undefined || downloadUse(download, run) !== undefined;
  const remedy = shape.toLowerCase().startsWith("http") ? "use `https://`" : "use an encrypted protocol";
  const fix: Fix | undefined =
    scheme === undefined
      ? undefined
      : { description: "use `https:`", safety: "unsafe", edits: [{ range: scheme, text: "https:" }] };
  return {
    kind: "clear-text",
    range,
    message: `${quoted(shape.replaceAll(HOLE, "…"))} can be altered on its way; ${remedy}`,
    fix,
    ...(isUsed ? {} : { atMost: "info" }),
  };
}

/** Unsafe: a server that knows nothing newer is refused from then on. */
function describeTls({ range, text, whole }: OldTlsOption): Finding {
  const { source, start, end } = whole;
  const isSpaced = source.text[start - 1] === " ";
  const edits = [{ range: source.range(isSpaced ? start - 1 : start, end), text: "" }];
  return {
    kind: "tls",
    range,
    message: `\`${text}\` allows TLS that can be broken; remove it`,
    fix: isSpaced ? { description: `remove \`${text}\``, safety: "unsafe", edits } : undefined,
  };
}
