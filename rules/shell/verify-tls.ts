import type { Service } from "../../src/compose/model.js";
import type { Evaluation } from "../../src/dockerfile/expand.js";
import type { ArgInstruction } from "../../src/dockerfile/model.js";
import type { Word } from "../../src/dockerfile/word.js";
import { defineRule, type Finding, type Fix, type RuleContext } from "../../src/engine/rule.js";
import { removeInstruction } from "../../src/project/instruction-edits.js";
import type { Build, StageView } from "../../src/project/model.js";
import { namedValuesOfService, namedValuesOfStage } from "../../src/project/secret-places.js";
import { serviceCommands } from "../../src/project/service-commands.js";
import { startScriptOf } from "../../src/project/start-scripts.js";
import {
  type TlsPlace,
  type TlsSwitch,
  tlsSettingsWritten,
  tlsSwitchesIn,
  tlsVariableKind,
} from "../../src/project/tls-switches.js";
import { writtenCommands } from "../../src/project/written-commands.js";
import { writtenRuns } from "../../src/project/written-runs.js";
import type { Invocation } from "../../src/shell/model.js";
import { quoted } from "../../src/text/quoted.js";
import type { Range } from "../../src/text/source.js";

export default defineRule({
  id: "shell/verify-tls",
  summary: "TLS certificates are verified",
  levels: { recommended: "error", strict: "error" },
  kinds: {
    curl: { summary: "curl accepts any certificate", aliases: ["checkov:CKV2_DOCKER_2"] },
    wget: { summary: "wget accepts any certificate", aliases: ["checkov:CKV2_DOCKER_3"] },
    pip: { summary: "pip trusts a host without asking for its certificate", aliases: ["checkov:CKV2_DOCKER_4"] },
    "python-env": { summary: "Python accepts any certificate", aliases: ["checkov:CKV2_DOCKER_5"] },
    "node-env": { summary: "Node.js accepts any certificate", aliases: ["checkov:CKV2_DOCKER_6"] },
    npm: { summary: "npm, pnpm or Yarn accepts any certificate", aliases: ["checkov:CKV2_DOCKER_13"] },
    "npm-env": { summary: "npm accepts any certificate by a variable", aliases: ["checkov:CKV2_DOCKER_12"] },
    git: { summary: "git accepts any certificate" },
    "git-env": { summary: "git accepts any certificate by a variable", aliases: ["checkov:CKV2_DOCKER_14"] },
    yum: { summary: "yum or dnf accepts any certificate", aliases: ["checkov:CKV2_DOCKER_15"] },
    "pip-env": { summary: "pip trusts hosts by a variable", aliases: ["checkov:CKV2_DOCKER_16"] },
    ssh: { summary: "ssh believes any host", levels: { recommended: "warning", strict: "warning" } },
    other: { summary: "another program accepts any certificate" },
  },
  roles: "all",
  fixable: "sometimes",
  why: [
    "Without the check of its certificate anyone on the way can answer in place of a server: with another package, another " +
      "script, or a page that collects the password. What a build fetches like that is in every container afterwards, and a " +
      "variable of the image weakens every connection of the running program.",
    "Where a server has a certificate of a private authority, the image can trust that authority: a file below " +
      "`/usr/local/share/ca-certificates` and `update-ca-certificates`, `NODE_EXTRA_CA_CERTS`, `pip --cert`.",
  ],
  references: [
    "https://curl.se/docs/sslcerts.html",
    "https://nodejs.org/api/cli.html#node_extra_ca_certsfile",
    "CWE-295",
  ],
  securitySeverity: 7.4,
  check: { stage: checkStage, build: checkBuild, service: checkService },
  examples: {
    bad: [
      {
        name: "curl, alone and among other letters",
        kind: "curl",
        message: "`-k` makes `curl` accept any certificate",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN cd /opt && curl «-k» https://acme.dev/a -o a",
            "RUN curl -fsSL«k» https://acme.dev/a | tar -x && curl «--insecure» -O https://acme.dev/b",
            "ONBUILD RUN curl «--proxy-insecure» -O https://acme.dev/b",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN cd /opt && curl https://acme.dev/a -o a",
            "RUN curl -fsSL https://acme.dev/a | tar -x && curl -O https://acme.dev/b",
            "ONBUILD RUN curl -O https://acme.dev/b",
          ],
        },
      },
      {
        name: "wget",
        kind: "wget",
        files: { Dockerfile: ["FROM debian:12-slim", "RUN wget -q «--no-check-certificate» https://acme.dev/a"] },
        fixed: { Dockerfile: ["FROM debian:12-slim", "RUN wget -q https://acme.dev/a"] },
      },
      {
        name: "pip",
        kind: "pip",
        message: "`--trusted-host` makes `pip` accept any certificate",
        files: {
          Dockerfile: [
            "FROM python:3.13-slim",
            "RUN pip3 install --no-cache-dir numpy==2.2.3 «--trusted-host» pypi.org",
            "RUN python -m pip install «--trusted-host»=pypi.acme.internal numpy==2.2.3",
            "RUN pip config set «global.trusted-host» pypi.org",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM python:3.13-slim",
            "RUN pip3 install --no-cache-dir numpy==2.2.3",
            "RUN python -m pip install numpy==2.2.3",
            "RUN pip config set global.trusted-host pypi.org",
          ],
        },
      },
      {
        name: "Python by a variable",
        kind: "python-env",
        files: {
          Dockerfile: [
            "ARG «PYTHONHTTPSVERIFY»=0",
            "FROM python:3.13-slim",
            "ARG «PYTHONHTTPSVERIFY»=0",
            "ENV A=b «PYTHONHTTPSVERIFY»=0",
            "RUN «PYTHONHTTPSVERIFY»=0 python fetch.py && export «PYTHONHTTPSVERIFY»=0 && python fetch.py",
          ],
        },
        fixed: {
          Dockerfile: [
            "ARG PYTHONHTTPSVERIFY=0",
            "FROM python:3.13-slim",
            "ARG PYTHONHTTPSVERIFY=0",
            "ENV A=b",
            "RUN python fetch.py && export PYTHONHTTPSVERIFY=0 && python fetch.py",
          ],
        },
      },
      {
        name: "Node.js by a variable, in both formats",
        kind: "node-env",
        message: "`NODE_TLS_REJECT_UNAUTHORIZED` makes programs accept any certificate",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "ENV «NODE_TLS_REJECT_UNAUTHORIZED»=0", 'CMD ["node", "app.js"]'],
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      context: .",
            "      args:",
            "        «NODE_TLS_REJECT_UNAUTHORIZED»: 0",
            "    environment:",
            "      - «NODE_TLS_REJECT_UNAUTHORIZED»=0",
          ],
        },
        fixed: { Dockerfile: ["FROM node:22.14.0-slim", 'CMD ["node", "app.js"]'] },
      },
      {
        name: "npm, Yarn and pnpm",
        kind: "npm",
        files: {
          Dockerfile: [
            "FROM node:22.14.0-slim",
            "RUN npm config set «strict-ssl» false && yarn config set «strict-ssl» false -g",
            "RUN npm set «strict-ssl»=false && pnpm install «--strict-ssl=false» && npm ci «--no-strict-ssl»",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM node:22.14.0-slim",
            "RUN npm config set strict-ssl false && yarn config set strict-ssl false -g",
            "RUN npm set strict-ssl=false && pnpm install && npm ci",
          ],
        },
      },
      {
        name: "a command that is nothing but the switch, exec form, and a line of its own",
        files: {
          Dockerfile: [
            "FROM node:22.14.0-slim",
            "RUN npm config set «strict-ssl» false",
            'RUN ["curl", «"-k"», "-O", "https://acme.dev/a"]',
            "RUN curl -O \\",
            "«-k» \\",
            "https://acme.dev/a",
          ],
        },
      },
      {
        name: "npm by a variable",
        kind: "npm-env",
        files: {
          Dockerfile: [
            "FROM node:22.14.0-slim",
            "ENV «NPM_CONFIG_STRICT_SSL»=false",
            "ENV «npm_config_strict_ssl»=false",
          ],
        },
        fixed: { Dockerfile: ["FROM node:22.14.0-slim"] },
      },
      {
        name: "git",
        kind: "git",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN git -c «http.sslVerify=false» clone https://git.acme.dev/api.git",
            "RUN git config --global «http.sslVerify» false && git config «http.https://git.acme.dev/.sslverify» 0",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN git clone https://git.acme.dev/api.git",
            "RUN git config --global http.sslVerify false && git config http.https://git.acme.dev/.sslverify 0",
          ],
        },
      },
      {
        name: "git by a variable, whose value git does not read",
        kind: "git-env",
        files: {
          Dockerfile: ["FROM debian:12-slim", "ENV «GIT_SSL_NO_VERIFY»=0", "RUN «GIT_SSL_NO_VERIFY»=true git fetch"],
        },
        fixed: { Dockerfile: ["FROM debian:12-slim", "RUN git fetch"] },
      },
      {
        name: "yum, dnf and their configuration",
        kind: "yum",
        files: {
          Dockerfile: [
            "FROM almalinux:9",
            "RUN yum install -y «--setopt=sslverify=false» jq && dnf -y «--setopt=epel.sslverify=0» install jq",
            "RUN yum-config-manager --save «--setopt=sslverify=no»",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM almalinux:9",
            "RUN yum install -y jq && dnf -y install jq",
            "RUN yum-config-manager --save --setopt=sslverify=no",
          ],
        },
      },
      {
        name: "pip by a variable",
        kind: "pip-env",
        files: { Dockerfile: ["FROM python:3.13-slim", "ENV «PIP_TRUSTED_HOST»=pypi.org", "RUN pip --version"] },
        fixed: { Dockerfile: ["FROM python:3.13-slim", "RUN pip --version"] },
      },
      {
        name: "ssh, and git through it",
        kind: "ssh",
        message: "accept any host key",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN --mount=type=ssh scp -o «StrictHostKeyChecking=no» files.acme.dev:/a /a",
            "RUN --mount=type=ssh ssh «-oStrictHostKeyChecking=no» -o UserKnownHostsFile=/dev/null git.acme.dev",
            'RUN --mount=type=ssh «GIT_SSH_COMMAND»="ssh -o UserKnownHostsFile=/dev/null" git fetch',
            'RUN git config core.editor vi && git config «core.sshCommand» "ssh -o StrictHostKeyChecking=no"',
            "RUN echo «'StrictHostKeyChecking no'» >> /etc/ssh/ssh_config",
            "RUN rsync -e «'ssh -o StrictHostKeyChecking=no'» files.acme.dev:/a /a",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN --mount=type=ssh scp files.acme.dev:/a /a",
            "RUN --mount=type=ssh ssh git.acme.dev",
            "RUN --mount=type=ssh git fetch",
            'RUN git config core.editor vi && git config core.sshCommand "ssh -o StrictHostKeyChecking=no"',
            "RUN echo 'StrictHostKeyChecking no' >> /etc/ssh/ssh_config",
            "RUN rsync -e 'ssh -o StrictHostKeyChecking=no' files.acme.dev:/a /a",
          ],
        },
      },
      {
        name: "settings that a step writes",
        files: {
          Dockerfile: [
            "FROM registry.acme.dev/base:4",
            "RUN echo «'sslverify=false'» >> /etc/yum.conf && echo «'sslverify = 0'» > /etc/dnf/dnf.conf",
            "RUN echo «'strict-ssl=false'» >> /root/.npmrc && echo «'trusted-host = pypi.acme.dev'» >> /etc/pip.conf",
          ],
        },
      },
      {
        name: "other programs",
        kind: "other",
        files: {
          Dockerfile: [
            "FROM registry.acme.dev/base:4",
            "RUN apt-get -o «Acquire::https::Verify-Peer=false» update && apk add «--no-check-certificate» jq",
            "RUN conda config --set «ssl_verify» false && composer config -g «disable-tls» true",
            "RUN aws «--no-verify-ssl» s3 cp s3://acme/a /a && podman pull «--tls-verify=false» acme.dev/a",
            "RUN helm repo add acme https://acme.dev «--insecure-skip-tls-verify» && hg clone «--insecure» https://acme.dev/a",
            "RUN uv sync «--allow-insecure-host» pypi.org && mvn «-Dmaven.wagon.http.ssl.insecure=true» package",
            "RUN gcloud config set «auth/disable_ssl_validation» true && bundle config set «ssl_verify_mode» 0",
            "RUN echo «':ssl_verify_mode: 0'» > ~/.gemrc && svn co «--trust-server-cert» https://acme.dev/a",
          ],
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: registry.acme.dev/api:1.4.2",
            "    environment:",
            "      «GOINSECURE»: git.acme.dev",
            "      «REQUESTS_CA_BUNDLE»: ''",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM registry.acme.dev/base:4",
            "RUN apt-get update && apk add jq",
            "RUN conda config --set ssl_verify false && composer config -g disable-tls true",
            "RUN aws s3 cp s3://acme/a /a && podman pull acme.dev/a",
            "RUN helm repo add acme https://acme.dev && hg clone https://acme.dev/a",
            "RUN uv sync && mvn package",
            "RUN gcloud config set auth/disable_ssl_validation true && bundle config set ssl_verify_mode 0",
            "RUN echo ':ssl_verify_mode: 0' > ~/.gemrc && svn co https://acme.dev/a",
          ],
        },
      },
      {
        name: "when the container starts: commands, scripts and health checks of another host",
        kind: "curl",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "COPY start.sh /start.sh",
            "HEALTHCHECK CMD curl -f«k» https://status.acme.dev/health",
            'ENTRYPOINT ["/start.sh"]',
          ],
          "start.sh": ["#!/bin/sh", "curl -s «-k» https://acme.dev/rules > /rules", "exec crond -f"],
          "compose.yaml": [
            "services:",
            "  job:",
            "    image: curlimages/curl:8.12.1",
            "    command: curl «-k» https://acme.dev/a",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM debian:12-slim",
            "COPY start.sh /start.sh",
            "HEALTHCHECK CMD curl -f https://status.acme.dev/health",
            'ENTRYPOINT ["/start.sh"]',
          ],
          "start.sh": ["#!/bin/sh", "curl -s -k https://acme.dev/rules > /rules", "exec crond -f"],
          "compose.yaml": [
            "services:",
            "  job:",
            "    image: curlimages/curl:8.12.1",
            "    command: curl -k https://acme.dev/a",
          ],
        },
      },
    ],
    good: [
      {
        name: "an authority of one's own",
        files: {
          Dockerfile: [
            "FROM node:22.14.0-slim",
            "ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/corp.pem NODE_TLS_REJECT_UNAUTHORIZED=1 PYTHONHTTPSVERIFY=1",
            "RUN curl --cacert /etc/ssl/certs/corp.pem -O https://acme.dev/a && pip install --cert /corp.pem numpy==2.2.3",
            "RUN npm config set cafile /corp.pem && npm config set strict-ssl true && git config http.sslVerify true",
          ],
        },
      },
      {
        name: "the container itself",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "HEALTHCHECK CMD curl -kf https://localhost:8443/health || wget --no-check-certificate -qO- https://127.0.0.1/",
            "RUN start && curl -k https://localhost/ready && pip install --trusted-host localhost numpy==2.2.3",
          ],
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: registry.acme.dev/api:1.4.2",
            "    healthcheck:",
            "      test: curl -kf https://$$HOSTNAME:8443/health",
          ],
        },
      },
      {
        name: "the same letters in other programs, values and texts",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN tar -k -xf a.tar && ls -k && curl -H -k -o -k https://acme.dev/a && echo curl -k --insecure",
            "RUN grep --insecure file && sed -i s/strict-ssl// .npmrc && npm config get strict-ssl",
            "RUN apt-get -o Acquire::https::Verify-Peer=true update && yum --setopt=sslverify=1 install -y jq",
            "RUN echo sslverify=1 >> /etc/yum.conf && echo strict-ssl=true > .npmrc && echo sslverify=0 > README",
            "RUN ssh -o StrictHostKeyChecking=accept-new git.acme.dev && podman pull --tls-verify=true acme.dev/a",
            "RUN kubectl --insecure-skip-tls-verify=false get pods && composer config disable-tls false",
          ],
        },
      },
      {
        name: "a variable that is empty, unknown, or not handed on",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "ARG CHECK",
            "ENV GIT_SSL_NO_VERIFY= PYTHONHTTPSVERIFY=$CHECK COMPOSER_DISABLE_TLS=0",
            "ARG NODE_TLS_REJECT_UNAUTHORIZED",
            "RUN NODE_TLS_REJECT_UNAUTHORIZED=0; echo done",
            "LABEL NODE_TLS_REJECT_UNAUTHORIZED=0",
          ],
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: registry.acme.dev/api:1.4.2",
            "    environment: [PIP_TRUSTED_HOST, 'PYTHONHTTPSVERIFY=${CHECK}']",
            "    labels: {NODE_TLS_REJECT_UNAUTHORIZED: '0'}",
          ],
        },
      },
    ],
  },
});

function* checkStage(stage: StageView): Iterable<Finding> {
  for (const { place, name, nameRange, value, form } of namedValuesOfStage(stage)) {
    if (place !== "env" || value === undefined || form === "reference") continue;
    yield* checkVariable({ name, value, range: nameRange, fix: () => envFix(stage, nameRange) });
  }
  for (const step of stage.evaluated.steps) {
    const { instruction } = step;
    if (instruction.keyword === "ARG") yield* checkArgs(instruction, (word) => step.expand(word));
  }
  for (const { commands, instruction } of writtenCommands(stage)) {
    yield* checkCommands(commands, { isProbe: instruction.keyword === "HEALTHCHECK" });
  }
  for (const { facts } of writtenRuns(stage)) for (const found of tlsSettingsWritten(facts)) yield describe(found);
}

/** Arguments above the first stage, and the scripts that the image starts. */
function* checkBuild(build: Build, { project }: RuleContext): Iterable<Finding> {
  const { dockerfile, evaluated, target } = build;
  for (const instruction of dockerfile.dockerfile.globalArgs) {
    yield* checkArgs(instruction, (word) => word.expandWith(evaluated.globalLookup));
  }
  if (target === undefined) return;
  for (const view of [target.entrypoint, target.command]) {
    const start = view === undefined ? undefined : startScriptOf(view, target, project);
    if (start?.kind !== "script") continue;
    // The script is a file of its own, which fixes of a Dockerfile leave alone.
    for (const found of checkCommands(start.script.invocations, { isProbe: false })) yield { ...found, fix: undefined };
  }
}

function* checkService(service: Service, { project }: RuleContext): Iterable<Finding> {
  for (const { place, name, nameRange, value, form } of namedValuesOfService(service, project)) {
    if ((place !== "environment" && place !== "env-file") || value === undefined || form === "reference") continue;
    yield* checkVariable({ name, value, range: nameRange });
  }
  for (const { key, keyRange, value } of service.build?.args.entries ?? []) {
    if (value?.value !== undefined) yield* checkVariable({ name: key, value: value.value, range: keyRange });
  }
  for (const { key, commands } of serviceCommands(service, project)) {
    for (const found of checkCommands(commands, { isProbe: key === "healthcheck" })) yield { ...found, fix: undefined };
  }
}

interface Variable {
  readonly name: string;
  readonly value: string;
  readonly range: Range;
  readonly fix?: () => Fix | undefined;
}

function* checkVariable({ name, value, range, fix }: Variable): Iterable<Finding> {
  const kind = tlsVariableKind(name, value);
  if (kind === undefined) return;
  yield {
    ...describe({ kind, range, text: name, program: undefined, removable: undefined, isPrivate: false }),
    fix: fix?.(),
  };
}

function* checkArgs({ pairs }: ArgInstruction, evaluate: (word: Word) => Evaluation): Iterable<Finding> {
  for (const { key, value } of pairs) {
    const known = value === undefined ? undefined : evaluate(value);
    if (known?.kind === "known") yield* checkVariable({ name: key.raw, value: known.value, range: key.range });
  }
}

function* checkCommands(commands: readonly Invocation[], place: TlsPlace): Iterable<Finding> {
  for (const invocation of commands) {
    for (const found of tlsSwitchesIn(invocation, place)) {
      const removable = invocation.via === "exec-form" ? undefined : found.removable;
      yield { ...describe(found), fix: removable === undefined ? undefined : removeText(removable, found.text) };
    }
  }
}

function describe({ kind, range, text, program, isPrivate }: TlsSwitch): Finding {
  const who = program === undefined ? "programs" : `\`${program}\``;
  const fact = kind === "ssh" ? "accept any host key" : "accept any certificate";
  const remedy = kind === "ssh" ? "add the key to `known_hosts`" : "remove it, and install the CA";
  return {
    kind,
    range,
    message: `${quoted(text)} makes ${who} ${fact}; ${remedy}`,
    ...(isPrivate ? { atMost: "warning" } : {}),
  };
}

/** Unsafe, as all fixes here: a server whose certificate nobody can verify is refused from then on. */
function removeText(range: Range, text: string): Fix | undefined {
  const { source, start, end } = range;
  const isLetter = source.text[start] !== "-" && !source.text.slice(start, end).includes("=");
  const description = `remove ${quoted(text)}`;
  if (isLetter) return { description, safety: "unsafe", edits: [{ range, text: "" }] };
  // An assignment goes with the blanks behind it, for it may be the first word; an option with those before it.
  const isOption = source.text[start] === "-";
  const from = isOption ? skipBlanks(source.text, start, -1) : start;
  const to = isOption ? end : skipBlanks(source.text, end, 1);
  const beside = isOption ? source.text[from - 1] : source.text[to];
  if (beside === undefined || beside === "\n" || (isOption ? from === start : to === end)) return undefined;
  return { description, safety: "unsafe", edits: [{ range: source.range(from, to), text: "" }] };
}

function skipBlanks(text: string, from: number, step: 1 | -1): number {
  let at = from;
  while (isBlank(step === 1 ? text[at] : text[at - 1])) at += step;
  return at;
}

function isBlank(character: string | undefined): boolean {
  return character === " " || character === "\t";
}

/** Takes a variable out of its ENV, or the ENV with it. */
function envFix({ stage }: StageView, key: Range): Fix | undefined {
  for (const instruction of stage.instructions) {
    if (instruction.keyword !== "ENV") continue;
    const pair = instruction.pairs.find(({ key: word }) => word.range.start === key.start);
    if (pair === undefined) continue;
    const { source, start, end } = pair.range;
    const from = skipBlanks(source.text, start, -1);
    const isAlone = instruction.pairs.length === 1;
    const edit = isAlone ? removeInstruction(instruction) : { range: source.range(from, end), text: "" };
    if (edit === undefined || (!isAlone && source.text[from - 1] === "\n")) return undefined;
    return { description: `remove \`${pair.key.raw}\``, safety: "unsafe", edits: [edit] };
  }
  return undefined;
}
