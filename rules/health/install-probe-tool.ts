import type { Service } from "../../src/compose/model.js";
import { defineRule, type Finding, type Fix, option, type RuleContext } from "../../src/engine/rule.js";
import { type MissingProgram, missingPrograms } from "../../src/project/missing-programs.js";
import type { Build } from "../../src/project/model.js";
import { type Probe, probeFinds, probeOfService, probeOfView } from "../../src/project/probes.js";
import { type Range, textOf } from "../../src/text/source.js";

const options = {
  assumePresent: option.strings({
    default: [],
    description: "Programs that every image has, whatever the files show.",
  }),
};

export default defineRule({
  id: "health/install-probe-tool",
  summary: "The probe's program is in the image",
  levels: { recommended: "error", checklist: "error", strict: "error" },
  kinds: {
    tool: { summary: "A program that neither the base nor a step brings" },
    shell: { summary: "The shell form in an image without a shell" },
    path: { summary: "A path that nothing in the image brings" },
  },
  roles: "all",
  fixable: "sometimes",
  why: [
    "A probe whose program is not there fails every time: the service is unhealthy from the start, whatever waits for it never " +
      "begins, and an orchestrator restarts it for ever.",
  ],
  references: ["https://docs.docker.com/reference/dockerfile/#healthcheck"],
  options,
  mentions: { dockerfile: ["healthcheck"], compose: ["healthcheck"] },
  check: { build: checkBuild, service: checkService },
  examples: {
    bad: [
      {
        name: "curl on a slim base",
        kind: "tool",
        message: "`python:3.11-slim` has no `curl`",
        files: {
          Dockerfile: [
            "FROM python:3.11-slim",
            "HEALTHCHECK CMD «curl» -f http://localhost:8000/ || exit 1",
            "CMD python -m app",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM python:3.11-slim",
            `HEALTHCHECK CMD python -c "import urllib.request as u; u.urlopen('http://localhost:8000/')" || exit 1`,
            "CMD python -m app",
          ],
        },
      },
      {
        name: "curl on Alpine",
        kind: "tool",
        files: {
          Dockerfile: ["FROM alpine:3.20", "HEALTHCHECK --interval=10s CMD «curl» -fsS http://localhost/health"],
        },
        fixed: {
          Dockerfile: [
            "FROM alpine:3.20",
            "HEALTHCHECK --interval=10s CMD wget -q -O /dev/null http://localhost/health",
          ],
        },
      },
      {
        name: "the exec form",
        kind: "tool",
        files: { Dockerfile: ["FROM node:22-slim", 'HEALTHCHECK CMD [«"curl"», "--fail", "http://localhost:3000/"]'] },
        fixed: {
          Dockerfile: [
            "FROM node:22-slim",
            `HEALTHCHECK CMD ["node", "-e", "fetch('http://localhost:3000/').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]`,
          ],
        },
      },
      {
        name: "installed in a stage that only lends its files",
        kind: "tool",
        files: {
          Dockerfile: [
            "FROM debian:12-slim AS base",
            "RUN apt-get update && apt-get install -y curl",
            "FROM debian:12-slim",
            "COPY --from=base /srv/api /srv/api",
            "HEALTHCHECK CMD «curl» -f http://localhost/",
            "CMD /srv/api",
          ],
        },
      },
      {
        name: "a check that an earlier stage writes",
        kind: "tool",
        files: {
          Dockerfile: ["FROM alpine:3.20 AS base", "HEALTHCHECK CMD «bash» /probe.sh", "FROM base", "CMD /api"],
        },
      },
      {
        name: "a service whose image lacks it",
        kind: "tool",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx:1.27.4-alpine-slim",
            "    healthcheck:",
            "      test: «curl» -f http://localhost || exit 1",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx:1.27.4-alpine-slim",
            "    healthcheck:",
            "      test: wget -q -O /dev/null http://localhost || exit 1",
          ],
        },
      },
      {
        name: "a service whose Dockerfile lacks it",
        kind: "tool",
        files: {
          Dockerfile: ["FROM debian:12-slim", "CMD /api"],
          "compose.yaml": [
            "services:",
            "  api:",
            "    build: .",
            "    healthcheck:",
            "      test: [CMD, «curl», -f, 'http://localhost']",
          ],
        },
      },
      {
        name: "the stage that Compose targets, whose sibling has it",
        kind: "tool",
        files: {
          Dockerfile: [
            "FROM debian:12-slim AS slim",
            "CMD /api",
            "FROM slim AS tools",
            "RUN apt-get update && apt-get install -y --no-install-recommends curl",
          ],
          "compose.yaml": [
            "services:",
            "  api:",
            "    build: {context: ., target: slim}",
            "    healthcheck: {test: [CMD, «curl», -f, 'http://localhost']}",
            "  debug:",
            "    build: {context: ., target: tools}",
            "    healthcheck: {test: [CMD, curl, -f, 'http://localhost']}",
          ],
        },
      },
      {
        name: "a service that only names the image which another one builds",
        kind: "tool",
        files: {
          Dockerfile: ["FROM debian:12-slim", "CMD /api"],
          "compose.yaml": [
            "services:",
            "  api: {build: ., image: 'shop:dev'}",
            "  worker:",
            "    image: shop:dev",
            "    healthcheck: {test: [CMD, «curl», -f, 'http://localhost']}",
          ],
        },
      },
      {
        name: "no shell for the shell form",
        kind: "shell",
        files: {
          Dockerfile: [
            "FROM gcr.io/distroless/static-debian12:nonroot",
            "COPY api /api",
            "HEALTHCHECK CMD «/api» --check || exit 1",
          ],
        },
      },
      {
        name: "a path that nothing brings",
        kind: "path",
        files: {
          Dockerfile: ["FROM scratch", "COPY api /srv/api", 'HEALTHCHECK CMD [«"/probe"»]', 'CMD ["/srv/api"]'],
        },
      },
    ],
    good: [
      {
        name: "Valkey, whose image has the programs under the names of Redis too",
        files: {
          "compose.yaml": [
            "services:",
            "  cache: { image: 'valkey/valkey:8-bookworm', healthcheck: { test: redis-cli ping || exit 1 } }",
          ],
        },
      },
      {
        name: "installed",
        files: {
          Dockerfile: [
            "FROM python:3.11-slim",
            "RUN apt-get update && apt-get install -y --no-install-recommends curl && rm -rf /var/lib/apt/lists/*",
            "HEALTHCHECK CMD curl -f http://localhost:8000/",
          ],
        },
      },
      {
        name: "installed in an earlier stage of the chain",
        files: {
          Dockerfile: [
            "FROM alpine:3.20 AS base",
            "RUN apk add --no-cache curl",
            "FROM base",
            "HEALTHCHECK CMD curl -f localhost",
          ],
        },
      },
      {
        name: "the language of the base, and applets of busybox",
        files: {
          Dockerfile: ["FROM python:3.11-slim", 'HEALTHCHECK CMD ["python", "-c", "import app"]'],
          "b.Dockerfile": ["FROM alpine:3.20", "HEALTHCHECK CMD wget -q -O - localhost && pgrep api && [ -f /tmp/ok ]"],
        },
      },
      {
        name: "copied to PATH, or with a whole folder",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "COPY --from=ghcr.io/grpc-ecosystem/grpc-health-probe:v0.4.35 /ko-app/grpc-health-probe /usr/local/bin/grpc_health_probe",
            "HEALTHCHECK CMD grpc_health_probe -addr=:50051",
          ],
          "b.Dockerfile": ["FROM debian:12-slim", "COPY rootfs/ /", "HEALTHCHECK CMD curl -f localhost"],
          "c.Dockerfile": ["FROM scratch", "COPY --from=build /out/ /", 'HEALTHCHECK CMD ["/probe"]'],
        },
      },
      {
        name: "one of two is enough",
        files: {
          Dockerfile: ["FROM alpine:3.20", "HEALTHCHECK CMD curl -f localhost || wget -q -O - localhost || exit 1"],
        },
      },
      {
        name: "asked for first",
        files: { Dockerfile: ["FROM alpine:3.20", "HEALTHCHECK CMD command -v curl && curl -f localhost"] },
      },
      {
        name: "steps that nobody can read",
        files: {
          Dockerfile: ["FROM debian:12-slim", "COPY setup.sh /", "RUN /setup.sh", "HEALTHCHECK CMD curl -f localhost"],
        },
      },
      {
        name: "a base that nobody here knows",
        files: {
          Dockerfile: ["FROM registry.example.com/platform/jre:21", "HEALTHCHECK CMD curl -f localhost"],
          "compose.yaml": [
            "services:",
            "  api: {image: 'shop/api:1.4', healthcheck: {test: [CMD, curl, -f, localhost]}}",
          ],
        },
      },
      {
        name: "mounted",
        files: {
          "compose.yaml": [
            "services:",
            "  db:",
            "    image: debian:12-slim",
            "    volumes: ['./bin/curl:/usr/local/bin/curl:ro']",
            "    healthcheck: {test: curl -f localhost}",
          ],
        },
      },
      {
        name: "a program that the policy takes for granted",
        options: { assumePresent: ["curl"] },
        files: { Dockerfile: ["FROM debian:12-slim", "HEALTHCHECK CMD curl -f localhost"] },
      },
      {
        name: "no check, and Windows",
        files: {
          Dockerfile: ["FROM debian:12-slim", "CMD /api"],
          "b.Dockerfile": ["FROM mcr.microsoft.com/windows/nanoserver:ltsc2022", "HEALTHCHECK CMD pwsh -c exit"],
        },
      },
    ],
  },
});

type Context = RuleContext<typeof options>;

function* checkBuild({ target }: Build, ctx: Context): Iterable<Finding> {
  if (target?.healthcheck.kind !== "check") return;
  const { view, stage } = target.healthcheck;
  // What the image of another service brings is judged there.
  if (stage.build !== target.build) return;
  yield* checkProbe(probeOfView(view, target), ctx);
}

function* checkService(service: Service, ctx: Context): Iterable<Finding> {
  if (service.hasProvider) return;
  const probe = probeOfService(service, ctx.project);
  if (probe !== undefined) yield* checkProbe(probe, ctx);
}

function* checkProbe(probe: Probe, { options: { assumePresent } }: Context): Iterable<Finding> {
  const image = imageName(probe);
  for (const missing of missingPrograms(probe)) {
    if (assumePresent.includes(missing.name)) continue;
    const other = substituteFor(probe, missing);
    yield {
      kind: missing.kind,
      range: missing.range,
      message: messageFor(missing, image, other?.program),
      related:
        probe.image.kind === "stage"
          ? [{ range: baseOf(probe.image.stage.lineage), message: "the probe runs on this base" }]
          : [],
      fix: other?.fix,
    };
  }
}

function baseOf(lineage: readonly { readonly anchor: Range }[]): Range {
  const base = lineage.at(-1);
  if (base === undefined) throw new Error("a lineage holds its stage");
  return base.anchor;
}

function imageName({ image }: Probe): string {
  if (image.kind === "pulled") return `\`${image.reference.written}\``;
  if (image.kind === "unknown") return "the image";
  return image.stage.isScratch ? "`scratch`" : `\`${image.stage.image?.written ?? image.stage.label}\``;
}

function messageFor({ kind, name }: MissingProgram, image: string, other: string | undefined): string {
  switch (kind) {
    case "shell":
      return `${image} has no shell to run this probe, so it always fails; write it as a list of words`;
    case "path":
      return `nothing brings \`${name}\` into this image, so the probe always fails; copy it there`;
    default: {
      const remedy = other === undefined ? "install it" : `install it, or probe with \`${other}\``;
      return `${image} has no \`${name}\`, so this probe always fails; ${remedy}`;
    }
  }
}

/** Options of curl that the substitutes need no word for. */
const PLAIN_OPTION = /^-(?:[fsSL]+|-fail|-silent|-show-error|-location)$/;
/** An address that needs no quotes anywhere. */
const PLAIN_URL = /^[A-Za-z0-9:/._~=%-]+$/;

/** How programs that an image may have ask an address; words of an exec form. */
const SUBSTITUTES: readonly { readonly program: string; readonly words: (url: string) => readonly string[] }[] = [
  { program: "wget", words: (url) => ["wget", "-q", "-O", "/dev/null", url] },
  {
    program: "python",
    words: (url) => ["python", "-c", `import urllib.request as u; u.urlopen('${withScheme(url)}')`],
  },
  {
    program: "node",
    words: (url) => [
      "node",
      "-e",
      `fetch('${withScheme(url)}').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))`,
    ],
  },
];

function withScheme(url: string): string {
  return url.includes("://") ? url : `http://${url}`;
}

/** A program of the image that can ask the same, and the edit that makes it, for a plain `curl [-f…] URL`. */
function substituteFor(
  probe: Probe,
  { kind, name, command }: MissingProgram,
): { readonly program: string; readonly fix: Fix | undefined } | undefined {
  if (kind !== "tool" || name !== "curl") return undefined;
  const substitute = SUBSTITUTES.find(({ program }) => probeFinds(probe, program) === "yes");
  if (substitute === undefined) return undefined;
  const { program } = substitute;
  const urls = command.args.filter(({ value }) => value === undefined || !PLAIN_OPTION.test(value));
  const url = urls.length === 1 ? urls[0]?.value : undefined;
  if (url === undefined || !PLAIN_URL.test(url) || command.wrappers.length > 0 || command.redirects.length > 0)
    return { program, fix: undefined };
  const text = textFor(probe, substitute.words(url));
  if (text === undefined || textOf(command.range).includes("\n")) return { program, fix: undefined };
  return {
    program,
    // Unsafe: another program may be stricter about answers.
    fix: { description: `probe with \`${program}\``, safety: "unsafe", edits: [{ range: command.range, text }] },
  };
}

/** Words as they are written where the probe stands; undefined where YAML would need other quotes. */
function textFor({ form, service }: Probe, words: readonly string[]): string | undefined {
  const isPlain = words.every((word) => PLAIN_URL.test(word));
  if (service !== undefined) return form === "shell" && isPlain ? words.join(" ") : undefined;
  if (form === "exec") return words.map((word) => JSON.stringify(word)).join(", ");
  return words.map((word) => (PLAIN_URL.test(word) ? word : `"${word}"`)).join(" ");
}
