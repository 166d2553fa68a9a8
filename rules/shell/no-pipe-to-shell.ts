import type { Service } from "../../src/compose/model.js";
import { defineRule, type Finding, option, type RuleContext } from "../../src/engine/rule.js";
import type { StageView } from "../../src/project/model.js";
import { pipedDownloads } from "../../src/project/run-downloads.js";
import { serviceCommands } from "../../src/project/service-commands.js";
import { writtenCommands } from "../../src/project/written-commands.js";
import type { Invocation } from "../../src/shell/model.js";
import { hostScope } from "../../src/values/host-scope.js";

const options = {
  allow: option.strings({
    default: [],
    description: "Hosts whose scripts may run as they come: `sh.rustup.rs`, `astral.sh`.",
  }),
};

type Context = RuleContext<typeof options>;

export default defineRule({
  id: "shell/no-pipe-to-shell",
  summary: "Nothing downloaded runs unseen",
  levels: { recommended: "warning", checklist: "warning", strict: "error" },
  roles: "all",
  fixable: "never",
  why: [
    "Whatever the server answers at that minute runs as root: another version, another script after a break-in, half a " +
      "script where the connection breaks. Nothing of it is kept that could be compared later.",
    "In the command of a container it runs at every start, so that two containers of one image are not the same.",
  ],
  references: ["https://docs.docker.com/build/building/best-practices/#add-or-copy", "CWE-494", "CIS 4.11"],
  securitySeverity: 6.8,
  options,
  mentions: {
    dockerfile: ["curl", "wget", "fetch", "http", "aria2c"],
    compose: ["curl", "wget", "fetch", "http", "aria2c"],
  },
  check: { stage: checkStage, service: checkService },
  examples: {
    bad: [
      {
        name: "an installer",
        message: "`sh` runs whatever `astral.sh` answers",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN curl -LsSf https://astral.sh/uv/install.sh | «sh»",
            "RUN curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | «sh» -s -- -y",
            "RUN wget -qO- https://get.acme.dev | sudo -E «bash» -",
          ],
        },
      },
      {
        name: "other interpreters, and what is between",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN curl -sSL https://install.python-poetry.org | «python3» -",
            "RUN curl -sS https://getcomposer.org/installer | «php» -- --install-dir=/usr/local/bin",
            "RUN wget -qO- https://get.acme.dev/x.gz | gunzip | «perl»",
            "RUN curl -fsSL https://get.acme.dev | tee /install.sh | env A=1 «bash» -s stable",
            "RUN curl -fsSL https://get.acme.dev | base64 -d | «node»",
          ],
        },
      },
      {
        name: "substitutions and here-strings",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            'SHELL ["/bin/bash", "-c"]',
            'RUN «sh» -c "$(curl -fsSL https://get.acme.dev)"',
            'RUN «eval» "$(wget -qO- https://get.acme.dev)"',
            "RUN «bash» <(curl -fsSL https://get.acme.dev)",
            "RUN «source» <(curl -fsSL https://get.acme.dev)",
            'RUN «python3» -c "$(curl -fsSL https://get.acme.dev)"',
            'RUN «bash» <<< "$(curl -fsSL https://get.acme.dev)"',
            'RUN echo "$(curl -fsSL https://get.acme.dev)" | «bash»',
          ],
        },
      },
      {
        name: "an address that nobody knows",
        message: "whatever the server answers",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "ARG URL",
            "RUN curl -fsSL $URL | «sh»",
            "ONBUILD RUN curl -fsSL $URL | «sh»",
          ],
        },
      },
      {
        name: "at every start of a container, in both formats",
        files: {
          Dockerfile: ["FROM debian:12-slim", "CMD curl -fsSL https://get.acme.dev | «sh»"],
          "compose.dev.yaml": [
            "services:",
            "  api:",
            "    image: debian:12-slim",
            "    command: sh -c 'curl -fsSL https://get.acme.dev | «sh»'",
          ],
        },
      },
    ],
    good: [
      {
        name: "a tool out of an image, and a file that is checked",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "COPY --from=ghcr.io/astral-sh/uv:0.8.3 /uv /usr/local/bin/uv",
            "RUN curl -fsSLo i.sh https://get.acme.dev && echo '9f86d081 i.sh' | sha256sum -c && sh i.sh",
          ],
        },
      },
      {
        name: "what is no interpreter, or does not run it",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN curl -fsSL https://acme.dev/key | gpg --dearmor -o /key && curl -fsSL https://acme.dev/key | apt-key add -",
            "RUN curl -fsSL https://acme.dev/a.tgz | tar -xz && curl -fsSL https://acme.dev/a | jq .",
            "RUN curl -fsSL https://acme.dev/a | sh -n && curl -fsSL https://acme.dev/a | python3 -m json.tool",
            "RUN curl -fsSL https://acme.dev/a | python3 /parse.py && curl -fsSL https://acme.dev/a | sh /parse.sh",
            "RUN curl -fsSL https://acme.dev/a | python3 -c 'import sys, json; print(json.load(sys.stdin)[0])'",
            "RUN echo 'curl https://get.acme.dev | sh' > /help && cat /x.sh | sh && sh -c \"$(cat /x)\"",
            "RUN curl -fsSLo /x https://acme.dev/a | sh",
            'RUN bash -c "echo $(curl -fsSL https://acme.dev/version)" && version="$(curl -fsSL https://acme.dev/v)" sh /x',
          ],
        },
      },
      {
        name: "the container itself, and private hosts",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN curl -fsSL http://localhost:8000/x | sh && curl -fsSL http://10.0.0.4/x | sh",
            "RUN wget -qO- http://files/x | sh && curl -fsSL https://files.acme.internal/x | sh",
          ],
        },
      },
      {
        name: "hosts that the policy allows",
        options: { allow: ["astral.sh"] },
        files: { Dockerfile: ["FROM debian:12-slim", "RUN curl -LsSf https://astral.sh/uv/install.sh | sh"] },
      },
    ],
  },
});

function* checkStage(stage: StageView, ctx: Context): Iterable<Finding> {
  for (const { commands, instruction } of writtenCommands(stage)) {
    for (const finding of findingsIn(commands, ctx)) {
      const isBuild = instruction.keyword === "RUN" && ctx.role.name !== "production";
      yield isBuild ? { ...finding, atMost: "info" } : finding;
    }
  }
}

function* checkService(service: Service, ctx: Context): Iterable<Finding> {
  for (const { commands } of serviceCommands(service, ctx.project)) yield* findingsIn(commands, ctx);
}

function* findingsIn(commands: readonly Invocation[], { options: { allow } }: Context): Iterable<Finding> {
  for (const { range, interpreter, host, urlRange } of pipedDownloads(commands)) {
    if (host !== undefined && (allow.includes(host) || isNear(host))) continue;
    const who = host === undefined ? "the server" : `\`${host}\``;
    yield {
      range,
      message: `\`${interpreter}\` runs whatever ${who} answers; pin a release and verify its checksum`,
      related: urlRange === undefined ? [] : [{ range: urlRange, message: "downloaded here" }],
    };
  }
}

function isNear(host: string): boolean {
  const scope = hostScope(host);
  return scope === "loopback" || scope === "private";
}
