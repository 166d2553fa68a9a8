import type { Service } from "../../src/compose/model.js";
import { defineRule, type Finding, type Fix, option, type RuleContext } from "../../src/engine/rule.js";
import type { Build, Project } from "../../src/project/model.js";
import {
  healthcheckOfService,
  kindOfService,
  runsOnce,
  type ServiceHealthcheck,
  servicesShipping,
} from "../../src/project/service-view.js";
import { isFunction, opensShell, servingEvidence } from "../../src/project/serving.js";
import { holdsWebAssembly, isWebAssembly } from "../../src/project/web-assembly.js";
import { keysAfter } from "../../src/project/yaml-insertion.js";

const options = {
  when: option.choice({
    words: ["service", "always", "every"],
    default: "service",
    description: "Which images need a check: those that look like a service, all that start something, or every one.",
  }),
  composeCounts: option.boolean({
    default: true,
    description: "An image needs no check of its own when `healthcheck` of every production service gives it one.",
  }),
  orchestrator: option.choice({
    words: ["docker", "kubernetes"],
    default: "docker",
    description: "Who runs the images; Kubernetes has probes of its own and reads no HEALTHCHECK.",
  }),
  require: option.choice({
    words: ["depended-on", "published", "all"],
    default: "published",
    description: "Which services need a check: those that others depend on, also those with ports, or all.",
  }),
};

export default defineRule({
  id: "health/require-healthcheck",
  summary: "A shipped service can be probed",
  levels: { recommended: "warning", checklist: "warning", strict: "warning" },
  kinds: {
    image: {
      summary: "A shipped image serves, and has no HEALTHCHECK",
      aliases: [
        "hadolint:DL3057",
        "trivy:DS-0026",
        "checkov:CKV_DOCKER_2",
        "kics:healthcheck-instruction-missing",
        "kics:b03a748a-542d-44f4-bb86-9199ab4fd2d5",
      ],
    },
    service: {
      summary: "A service has no check, neither its own nor its image's",
      levels: { recommended: ["info", "off"], checklist: ["warning", "off"] },
      aliases: ["kics:healthcheck-not-set", "kics:698ed579-b239-4f8f-a388-baa4bcb13ef8"],
    },
    "depended-on": {
      summary: "A service without a check stands in `depends_on` of another one",
      aliases: ["kics:healthcheck-not-set", "kics:698ed579-b239-4f8f-a388-baa4bcb13ef8"],
    },
    "no-test": {
      summary: "A `healthcheck` without `test` over an image without a check never runs",
      levels: { recommended: "error", checklist: "error", strict: "error" },
    },
  },
  roles: ["production"],
  fixable: "sometimes",
  why: [
    "A process that hangs still runs: without a check nothing tells it from one that works, so it is neither restarted nor " +
      "taken out of service.",
    "Other tools ask for a check in each file, also where a command runs once and ends. Here something must show that the " +
      "image serves; `when: always` asks for one in all of them.",
    "A service that others depend on is started, not ready: they connect too early, unless a check says when to go on.",
  ],
  references: [
    "https://docs.docker.com/reference/dockerfile/#healthcheck",
    "https://docs.docker.com/reference/compose-file/services/#healthcheck",
    "CIS 4.6",
    "CIS 5.27",
  ],
  options,
  presetOptions: {
    hadolint: { when: "every" },
    checklist: { when: "always", composeCounts: false, require: "all" },
    strict: { when: "always", require: "all" },
  },
  check: { build: checkBuild, service: checkService },
  examples: {
    bad: [
      {
        name: "an image that starts nothing of its own, where every image has to",
        kind: "image",
        options: { when: "every" },
        files: { Dockerfile: ["FROM «registry.example.com/base/java:21»"] },
      },
      {
        name: "a port is exposed",
        kind: "image",
        message: "port `8000`",
        files: { Dockerfile: ["FROM «python:3.12-slim»", "EXPOSE 8000", 'CMD ["python", "-m", "app"]'] },
      },
      {
        name: "a server is started",
        kind: "image",
        message: "`uvicorn`",
        files: { Dockerfile: ["FROM «python:3.12-slim»", 'CMD ["uvicorn", "app:app"]'] },
      },
      {
        name: "a port is among the arguments",
        kind: "image",
        files: { Dockerfile: ["FROM alpine:3.20 AS base", "FROM «base»", 'ENTRYPOINT ["/api", "--port=8000"]'] },
      },
      {
        name: "a service publishes a port",
        kind: "image",
        message: "service `api`",
        files: {
          Dockerfile: ["FROM «alpine:3.20»", 'CMD ["/api"]'],
          "compose.yaml": ["services:", "  api: {build: ., ports: ['8000:8000']}"],
        },
      },
      {
        name: "any image that starts something, where the policy asks for it",
        kind: "image",
        preset: "strict",
        files: { Dockerfile: ["FROM «alpine:3.20»", 'CMD ["/worker"]'] },
      },
      {
        name: "the check of a service does not count in the checklist",
        kind: "image",
        preset: "checklist",
        files: {
          Dockerfile: ["FROM «alpine:3.20»", 'CMD ["/api"]'],
          "compose.yaml": ["services:", "  api: {build: ., healthcheck: {test: [CMD, /api, --check]}}"],
        },
      },
      {
        name: "an image that serves, and no check",
        kind: "service",
        files: { "compose.yaml": ["services:", "  «web»:", "    image: nginx:1.27.4", "    ports: ['80:80']"] },
        fixed: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx:1.27.4",
            "    healthcheck:",
            '      test: ["CMD", "curl", "-fsS", "-o", "/dev/null", "http://127.0.0.1/"]',
            "      interval: 10s",
            "      timeout: 5s",
            "      retries: 5",
            "      start_period: 30s",
            "    ports: ['80:80']",
          ],
        },
      },
      {
        name: "all services, where the policy asks for it",
        kind: "service",
        options: { require: "all" },
        files: { "compose.yaml": ["services:", "  «cache»:", "    image: redis:7.4 # no data to keep"] },
        fixed: {
          "compose.yaml": [
            "services:",
            "  cache:",
            "    image: redis:7.4 # no data to keep",
            "    healthcheck:",
            '      test: ["CMD", "redis-cli", "ping"]',
            "      interval: 10s",
            "      timeout: 5s",
            "      retries: 5",
            "      start_period: 30s",
          ],
        },
      },
      {
        name: "a database that others wait for",
        kind: "depended-on",
        message: "`api` depends on `db`",
        files: {
          "compose.yaml": [
            "services:",
            "  api: {image: 'shop/api:1.4', depends_on: [db]}",
            "  «db»:",
            "    image: postgres:16.4",
            "    restart: always",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  api: {image: 'shop/api:1.4', depends_on: [db]}",
            "  db:",
            "    image: postgres:16.4",
            "    healthcheck:",
            '      test: ["CMD-SHELL", "pg_isready -U postgres"]',
            "      interval: 10s",
            "      timeout: 5s",
            "      retries: 5",
            "      start_period: 30s",
            "    restart: always",
          ],
        },
      },
      {
        name: "an unknown image that others wait for: a note",
        kind: "depended-on",
        files: {
          "compose.yaml": [
            "services:",
            "  api: {image: 'shop/api:1.4', depends_on: [search]}",
            "  «search»: {image: 'shop/search:1.4'}",
          ],
        },
      },
      {
        name: "times without a test",
        kind: "no-test",
        files: {
          "compose.yaml": [
            "services:",
            "  db: {image: 'postgres:16.4', «healthcheck»: {interval: 10s}}",
            "  web: {image: 'nginx:1.27.4', «healthcheck»: {test: []}}",
          ],
        },
      },
    ],
    good: [
      {
        name: "a WebAssembly module: nothing in it could ask",
        files: {
          Dockerfile: ["FROM scratch", "COPY order.wasm /", "EXPOSE 8080", 'ENTRYPOINT ["order.wasm"]'],
          "compose.yaml": [
            "services:",
            "  order:",
            "    build: .",
            "    platform: wasi/wasm",
            "    runtime: io.containerd.wasmedge.v1",
            "    ports: ['8080:8080']",
          ],
        },
      },
      {
        name: "a check",
        files: {
          Dockerfile: [
            "FROM alpine:3.20",
            "EXPOSE 8000",
            "HEALTHCHECK CMD wget -q -O - http://127.0.0.1:8000/",
            "CMD /api",
          ],
        },
      },
      {
        name: "a check of an earlier stage, and of the image of another service",
        files: {
          "base/Dockerfile": ["FROM alpine:3.20 AS base", "HEALTHCHECK CMD /probe", "FROM base", "CMD httpd"],
          "api/Dockerfile": ["FROM shop/base:dev", "EXPOSE 8000", "CMD /api"],
          "compose.yaml": ["services:", "  base: {build: ./base, image: 'shop/base:dev'}", "  api: {build: ./api}"],
        },
      },
      {
        name: "every service has a check; one that only migrates needs none",
        files: {
          Dockerfile: ["FROM python:3.12-slim", "EXPOSE 8000", "CMD python -m app"],
          "compose.yaml": [
            "services:",
            "  api: {build: ., healthcheck: {test: [CMD, python, -m, probe]}}",
            "  migrate: {build: ., command: alembic upgrade head}",
          ],
        },
      },
      {
        name: "nothing shows that it serves",
        preset: "recommended",
        files: { Dockerfile: ["FROM alpine:3.20", 'CMD ["/worker"]'] },
      },
      {
        name: "the base owns the process",
        files: { Dockerfile: ["FROM nginx:1.27.4", "COPY site /usr/share/nginx/html", "EXPOSE 80"] },
      },
      {
        name: "a function, a shell, an export",
        options: { when: "always" },
        files: {
          Dockerfile: ["FROM public.ecr.aws/lambda/python:3.12", 'CMD ["app.handler"]'],
          "b.Dockerfile": ["FROM python:3.12-slim", 'CMD ["functions-framework", "--target=hello"]'],
          "c.Dockerfile": ["FROM alpine:3.20", 'CMD ["sh", "-l"]'],
          "d.Dockerfile": ["FROM scratch", "COPY dist /"],
        },
      },
      {
        name: "switched off is another rule's",
        files: {
          Dockerfile: ["FROM alpine:3.20", "EXPOSE 8000", "HEALTHCHECK NONE", "CMD /api"],
          "compose.yaml": [
            "services:",
            "  web: {image: 'nginx:1.27.4', ports: ['80:80'], healthcheck: {disable: true}}",
            "  api: {image: 'shop/api:1.4', depends_on: [web]}",
          ],
        },
      },
      {
        name: "Kubernetes probes by itself",
        options: { orchestrator: "kubernetes" },
        files: { Dockerfile: ["FROM alpine:3.20", "EXPOSE 8000", "CMD /api"] },
      },
      {
        name: "development",
        files: { "Dockerfile.dev": ["FROM node:22", "EXPOSE 3000", "CMD npm run dev"] },
      },
      {
        name: "jobs, agents and tools, and images that nobody knows",
        options: { require: "all" },
        files: {
          "compose.yaml": [
            "services:",
            "  seed: {image: 'postgres:16.4', restart: 'no'}",
            "  migrate: {image: 'node:22', command: npm run db:migrate}",
            "  logs: {image: 'grafana/promtail:3.2.1'}",
            "  admin: {image: 'postgres:16.4', profiles: [dev]}",
            "  batch: {image: 'python:3.12', network_mode: none}",
            "  nightly: {image: 'python:3.12', deploy: {mode: replicated-job}}",
            "  api: {image: 'shop/api:1.4', ports: ['80:80']}",
          ],
        },
      },
      {
        name: "times over the check of the image",
        files: {
          Dockerfile: ["FROM alpine:3.20", "HEALTHCHECK CMD /probe", "CMD /api"],
          "compose.yaml": ["services:", "  api: {build: ., healthcheck: {interval: 10s}}"],
        },
      },
    ],
  },
});

type Context = RuleContext<typeof options>;

function* checkBuild(build: Build, ctx: Context): Iterable<Finding> {
  const finding = imageFinding(build, ctx);
  if (finding !== undefined) yield finding;
}

function imageFinding(
  build: Build,
  { options: { when, composeCounts, orchestrator }, project }: Context,
): Finding | undefined {
  const { target } = build;
  if (target === undefined || target.isExport || orchestrator === "kubernetes" || isFunction(target)) return undefined;
  if (holdsWebAssembly(build)) return undefined;
  const { kind } = target.healthcheck;
  if (kind !== "absent" && kind !== "unknown") return undefined;
  const { entrypoint, command } = target;
  const isEvery = when === "every";
  // The base owns the process: it knows how to ask it.
  if (!isEvery && entrypoint === undefined && (command === undefined || opensShell(command))) return undefined;
  if (composeCounts && isProbedByServices(build, project)) return undefined;
  const evidence = servingEvidence(target, project);
  if (evidence === undefined && when === "service") return undefined;
  const what = evidence === undefined ? "this image has no HEALTHCHECK" : `${evidence.what} without HEALTHCHECK`;
  return {
    kind: "image",
    range: target.anchor,
    message: `${what}, so nobody sees it hang; add one that asks the program`,
    related: evidence === undefined ? [] : [{ range: evidence.range, message: "this shows that it serves" }],
    // A base that nobody here knows may bring a check.
    confidence: kind === "unknown" && !isEvery ? "low" : "high",
  };
}

/** Whether each production service that goes on running has a check of its own, or needs none. */
function isProbedByServices(build: Build, project: Project): boolean {
  const services = servicesShipping(build, project).filter(({ role }) => role.name === "production");
  return (
    services.length > 0 &&
    services.every((service) => {
      const state = healthcheckOfService(service, project);
      return (
        state.kind === "disabled" || (state.kind === "check" && state.from === "service") || runsOnce(service, project)
      );
    })
  );
}

function* checkService(service: Service, ctx: Context): Iterable<Finding> {
  const { project } = ctx;
  const state = healthcheckOfService(service, project);
  const { healthcheck } = service;
  if (healthcheck !== undefined && state.kind === "absent") {
    const message = "without `test` this check never runs, as the image has none; say what to run";
    yield { kind: "no-test", range: healthcheck.keyRange, message };
    return;
  }
  if (state.kind === "check" || state.kind === "disabled" || !service.variant.isReference) return;
  if (service.hasProvider || ctx.options.orchestrator === "kubernetes" || needsNone(service, project)) return;
  const image = project.imageOf(service);
  // One cause, one finding: the image's.
  if (image.kind === "stage" && imageFinding(image.stage.build, ctx) !== undefined) return;
  yield* absence(service, state, ctx);
}

function needsNone(service: Service, project: Project): boolean {
  if (service.isDevTool || service.networkMode?.value === "none" || isWebAssembly(service)) return true;
  if (runsOnce(service, project)) return true;
  const kind = kindOfService(service, project);
  return kind === "agent" || kind === "dev-tool";
}

function* absence(
  service: Service,
  state: ServiceHealthcheck,
  { project, options: { require: which } }: Context,
): Iterable<Finding> {
  const [waiting] = service.variant.dependants(service).filter(({ need }) => need.key === "depends_on");
  const probe = probeOf(service, project);
  const remedy = probe === undefined ? "add `healthcheck`" : `add \`healthcheck\` with \`${programOf(probe)}\``;
  if (waiting !== undefined) {
    yield {
      kind: "depended-on",
      range: service.keyRange,
      message: `\`${waiting.service.name}\` depends on \`${service.name}\`, which has no health check; ${remedy}`,
      related: [{ range: waiting.need.range, message: `\`${waiting.service.name}\` depends on it here` }],
      atMost: state.kind === "unknown" ? "info" : undefined,
      fix: addCheck(service, probe),
    };
    return;
  }
  if (state.kind === "unknown" || which === "depended-on" || (which === "published" && service.ports.length === 0))
    return;
  yield {
    kind: "service",
    range: service.keyRange,
    message: `\`${service.name}\` has no health check, so nobody sees it hang; ${remedy}`,
    fix: addCheck(service, probe),
  };
}

/** A test that is known to work with the image of a service. */
function probeOf(service: Service, project: Project): readonly string[] | undefined {
  const image = project.imageOf(service);
  return image.kind === "pulled" ? image.facts?.service?.probe : undefined;
}

function programOf(probe: readonly string[]): string {
  return probe[1]?.split(" ", 1)[0] ?? "";
}

/** Times that suit most servers; written out, so that nobody has to know the defaults. */
const TIMES = ["interval: 10s", "timeout: 5s", "retries: 5", "start_period: 30s"].map((line) => `  ${line}`);

/** Unsafe: whoever waits for health, waits from now on. */
function addCheck({ image, keyRange, node }: Service, probe: readonly string[] | undefined): Fix | undefined {
  if (probe === undefined || image?.keyRange === undefined || image.via.length > 0) return undefined;
  if (image.keyRange.source !== keyRange.source) return undefined;
  const test = probe.map((word) => JSON.stringify(word)).join(", ");
  const edit = keysAfter(node, image.keyRange, image.range, ["healthcheck:", `  test: [${test}]`, ...TIMES]);
  return edit === undefined
    ? undefined
    : { description: `probe with \`${programOf(probe)}\``, safety: "unsafe", edits: [edit] };
}
