import { defineRule, type Finding, type Fix, option, type RuleContext } from "../../src/engine/rule.js";
import type { StageView } from "../../src/project/model.js";
import { doubtfulSources, type PackageSource } from "../../src/project/package-sources.js";
import { quoted } from "../../src/text/quoted.js";

const options = {
  publicIndexes: option.strings({
    default: [
      "download.pytorch.org",
      "pypi.nvidia.com",
      "pypi.ngc.nvidia.com",
      "developer.download.nvidia.com",
      "storage.googleapis.com",
      "wheels.vllm.ai",
      "flashinfer.ai",
      "data.pyg.org",
      "data.dgl.ai",
      "www.piwheels.org",
      "piwheels.org",
      "test.pypi.org",
      "pypi.anaconda.org",
      "abetlen.github.io",
      "rocm.nightlies.amd.com",
      "pytorch-extension.intel.com",
      "pypi.rapids.ai",
    ],
    description: "Hosts of indexes that hold public packages only, which may stand beside another one.",
  }),
};

export default defineRule({
  id: "packages/use-trusted-index",
  summary: "Packages come from one trusted index over TLS",
  levels: { recommended: "warning", strict: "error" },
  kinds: {
    "clear-text": { summary: "An index or registry is asked without TLS" },
    "extra-index": {
      summary: "A second index may supply any package",
      levels: { recommended: "info", strict: "error" },
    },
  },
  roles: ["production", "test", "ci"],
  fixable: "sometimes",
  securitySeverity: 6.5,
  why: [
    "What comes over `http:` can be replaced on its way by whoever owns a router, and most package managers for languages check no " +
      "signature. Mirrors of apt and the like sign what they hold; they are not meant.",
    "With a second index, pip takes the higher version of a name wherever it finds it: a stranger who publishes your private " +
      "package's name on the public index runs code in your build.",
  ],
  references: [
    "CWE-319",
    "CWE-427",
    "https://pip.pypa.io/en/stable/cli/pip_install/#cmdoption-extra-index-url",
    "https://docs.astral.sh/uv/concepts/indexes/#searching-across-multiple-indexes",
  ],
  options,
  mentions: { dockerfile: ["http:", "extra", "unsafe-", "secure-http"] },
  check: { stage: checkStage },
  examples: {
    bad: [
      {
        name: "a second index",
        kind: "extra-index",
        message: "`--extra-index-url`",
        files: {
          Dockerfile: [
            "FROM python:3.13-slim",
            "RUN pip install --extra-index-url «https://pypi.corp.example/simple» billing",
            "RUN pip install --extra-index-url=«https://pypi.corp.example/simple» billing",
          ],
        },
      },
      {
        name: "by a variable, with a name and a token",
        kind: "extra-index",
        files: {
          Dockerfile: [
            "FROM python:3.13-slim",
            "ENV PIP_EXTRA_INDEX_URL=«https://pypi.corp.example/simple»",
            "ARG TOKEN",
            "RUN PIP_EXTRA_INDEX_URL=«https://ci:$TOKEN@pypi.corp.example/simple» pip install billing",
          ],
        },
      },
      {
        name: "uv is told to compare all indexes",
        kind: "extra-index",
        message: "`--index-strategy unsafe-best-match`",
        files: {
          Dockerfile: [
            "FROM python:3.13-slim",
            "RUN uv pip install --index https://pypi.corp.example/simple --index-strategy «unsafe-best-match» billing",
          ],
        },
      },
      {
        name: "without TLS",
        kind: "clear-text",
        message: "`http://pypi.example.com/simple`",
        files: {
          Dockerfile: [
            "FROM python:3.13-slim",
            "ENV UV_INDEX_URL=«http://pypi.example.com/simple»",
            "RUN pip install -i «http://pypi.example.com/simple» flask",
            'RUN pip config set global.index-url "«http://pypi.example.com/simple»"',
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM python:3.13-slim",
            "ENV UV_INDEX_URL=https://pypi.example.com/simple",
            "RUN pip install -i https://pypi.example.com/simple flask",
            'RUN pip config set global.index-url "https://pypi.example.com/simple"',
          ],
        },
      },
      {
        name: "registries of other languages",
        kind: "clear-text",
        files: {
          Dockerfile: [
            "FROM node:22",
            "RUN npm ci --registry=«http://registry.npmjs.org/»",
            "RUN npm config set registry «http://registry.example.com/»",
            "RUN yarn install --registry «http://registry.example.com/»",
            "RUN gem install rails --source «http://rubygems.org»",
            "RUN gem sources --add «http://rubygems.org»",
            "RUN dotnet restore --source «http://nuget.example.com/v3/index.json»",
            "ARG GOPROXY=«http://goproxy.example.com»,direct",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM node:22",
            "RUN npm ci --registry=https://registry.npmjs.org/",
            "RUN npm config set registry https://registry.example.com/",
            "RUN yarn install --registry https://registry.example.com/",
            "RUN gem install rails --source https://rubygems.org",
            "RUN gem sources --add https://rubygems.org",
            "RUN dotnet restore --source https://nuget.example.com/v3/index.json",
            "ARG GOPROXY=https://goproxy.example.com,direct",
          ],
        },
      },
      {
        name: "Composer is told not to mind",
        kind: "clear-text",
        files: { Dockerfile: ["FROM composer:2", "RUN composer config -g secure-http «false»"] },
      },
      {
        name: "an index that is not known to be public",
        kind: "extra-index",
        options: { publicIndexes: [] },
        files: {
          Dockerfile: [
            "FROM python:3.13",
            "RUN pip install --extra-index-url «https://download.pytorch.org/whl/cpu» torch",
          ],
        },
      },
    ],
    good: [
      {
        name: "one index",
        files: {
          Dockerfile: [
            "FROM python:3.13-slim",
            "RUN pip install --index-url https://pypi.corp.example/simple billing",
            "RUN pip install --extra-index-url https://pypi.org/simple flask",
          ],
        },
      },
      {
        name: "hosts that hold public packages only",
        files: {
          Dockerfile: [
            "FROM python:3.13-slim",
            "RUN pip install --extra-index-url https://download.pytorch.org/whl/cu124 torch",
            "RUN uv pip install --extra-index-url https://wheels.vllm.ai/nightly --index-strategy unsafe-best-match vllm",
          ],
        },
      },
      {
        name: "uv asks the first index only",
        files: {
          Dockerfile: [
            "FROM python:3.13-slim",
            "RUN uv pip install --extra-index-url https://pypi.corp.example/simple billing",
          ],
        },
      },
      {
        name: "hashes",
        files: {
          Dockerfile: [
            "FROM python:3.13-slim",
            "RUN pip install --require-hashes --extra-index-url https://pypi.corp.example/simple -r requirements.txt",
          ],
        },
      },
      {
        name: "this machine and private networks",
        files: {
          Dockerfile: [
            "FROM python:3.13-slim",
            "RUN pip install -i http://localhost:3141/root/pypi/ flask",
            "RUN pip install -i http://10.0.0.5/simple flask && pip install -i http://172.20.1.2:8081/simple flask",
            "RUN npm ci --registry http://verdaccio:4873 && npm ci --registry http://npm.corp.internal",
          ],
        },
      },
      {
        name: "signed mirrors",
        files: {
          Dockerfile: [
            "FROM debian:12",
            'RUN echo "deb http://deb.debian.org/debian bookworm main" > /etc/apt/sources.list && apt-get update',
          ],
        },
      },
      {
        name: "a value nobody can know",
        files: { Dockerfile: ["FROM python:3.13", "ARG INDEX", "RUN pip install --extra-index-url $INDEX billing"] },
      },
      {
        name: "a development image",
        files: { "Dockerfile.dev": ["FROM python:3.13", "RUN pip install -i http://pypi.example.com/simple flask"] },
      },
      {
        name: "an address that is no index",
        files: {
          Dockerfile: [
            "FROM node:22",
            "ENV API_URL=http://api.example.com",
            "RUN npm config set proxy http://proxy.example.com:3128 && gem sources --remove http://rubygems.org/",
          ],
        },
      },
    ],
  },
});

function* checkStage(stage: StageView, ctx: RuleContext<typeof options>): Iterable<Finding> {
  for (const source of doubtfulSources(stage)) {
    const { kind, what, host, range } = source;
    if (kind === "clear-text") {
      const remedy = host === undefined ? "leave `secure-http` on" : "use `https:`";
      const address = host === undefined ? quoted(what) : quoted(addressOf(source));
      yield {
        kind: "clear-text",
        range,
        message: `${address} brings packages without TLS; ${remedy}`,
        fix: withTls(source),
      };
    } else if (host === undefined || !ctx.options.publicIndexes.includes(host)) {
      const message = `${quoted(what)} lets either index supply any package; use one index that holds both`;
      yield { kind: "extra-index", range, message };
    }
  }
}

/** The address for messages: its path says which index is meant, its user is nobody's business. */
function addressOf({ host, range }: PackageSource): string {
  const text = range.source.text.slice(range.start, range.end);
  return text.startsWith("http://") && !text.includes("@") ? text : `http://${host ?? ""}`;
}

/** Unsafe: the server may not speak TLS. */
function withTls({ scheme }: PackageSource): Fix | undefined {
  if (scheme === undefined) return undefined;
  return { description: "use `https:`", safety: "unsafe", edits: [{ range: scheme, text: "https:" }] };
}
