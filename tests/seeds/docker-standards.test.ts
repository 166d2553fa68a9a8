import { expect, test } from "vitest";
import { asked, hinted, LABELS, PYTHON_IGNORE, UNSAID } from "./asked.js";

// Standards of a platform: templates for a Python service and a web front end, labels, UID 1001, Compose profiles.

const FILES = {
  "requirements.txt": ["fastapi==0.115.6", "uvicorn==0.34.0"],
  "src/api/main.py": ["import fastapi"],
  ".dockerignore": [...PYTHON_IGNORE, "frontend/node_modules"],
  "plimsoll.yaml": ["user:", "  uid: 1001"],
};

const PROBE = "HEALTHCHECK --interval=30s --timeout=3s --retries=3 CMD curl -f http://localhost:8000/health || exit 1";

const python = (curl: readonly string[], labels: readonly string[]) => [
  "# syntax=docker/dockerfile:1.7",
  "FROM python:3.11-slim AS base",
  "ENV PYTHONDONTWRITEBYTECODE=1 \\",
  "    PYTHONUNBUFFERED=1",
  "RUN apt-get update && apt-get install -y --no-install-recommends \\",
  "    build-essential curl ca-certificates && rm -rf /var/lib/apt/lists/*",
  "WORKDIR /app",
  "",
  "FROM base AS builder",
  "COPY requirements.txt .",
  "RUN pip wheel --no-cache-dir --no-deps -r requirements.txt -w /wheels",
  "",
  "FROM python:3.11-slim AS runtime",
  ...curl,
  "RUN useradd -r -u 1001 -g root keeper",
  "WORKDIR /app",
  "COPY --from=builder /wheels /wheels",
  "COPY requirements.txt .",
  "RUN pip install --no-cache-dir --no-index --find-links=/wheels -r requirements.txt",
  "COPY src ./src",
  "USER 1001",
  "EXPOSE 8000",
  PROBE,
  'CMD ["python", "-m", "src.api.main"]',
  ...labels,
];

const CURL = ["RUN apt-get update && apt-get install -y --no-install-recommends curl && rm -rf /var/lib/apt/lists/*"];

test("curl of the base stage does not reach a runtime stage with a base of its own", async () => {
  expect(await asked({ ...FILES, Dockerfile: python([], LABELS) })).toEqual(["health/install-probe-tool#tool"]);
  expect(await asked({ ...FILES, Dockerfile: python(CURL, LABELS) })).toEqual([]);
});

test("settings of the base stage do not reach that runtime stage either, and no package of the system is pinned", async () => {
  expect(await hinted({ ...FILES, Dockerfile: python(CURL, LABELS) })).toEqual([
    "packages/pin-system-versions#apt (info)",
    "packages/set-runtime-env#basics (info)",
  ]);
});

test("a template without labels is asked for them", async () => {
  expect(await asked({ ...FILES, Dockerfile: python(CURL, []) })).toEqual(["labels/require-labels"]);
});

test("labels whose arguments nobody declares are empty", async () => {
  const undeclared = [
    'LABEL org.opencontainers.image.source="https://github.com/northport/tidewatch" \\',
    '      org.opencontainers.image.version="2.1.0" \\',
    '      org.opencontainers.image.revision="$GIT_SHA" \\',
    '      org.opencontainers.image.created="$BUILD_DATE"',
  ];

  expect(await asked({ ...FILES, Dockerfile: python(CURL, undeclared) })).toEqual(["labels/use-valid-values#empty"]);
});

test("UID 1001 is what a policy says, and another number where it says nothing", async () => {
  const { "plimsoll.yaml": _, ...withoutPolicy } = FILES;

  expect(await asked({ ...withoutPolicy, Dockerfile: python(CURL, LABELS) })).toEqual(["user/set-uid#value"]);
});

const FRONTEND = [
  "FROM node:20-alpine AS build",
  "WORKDIR /app",
  "COPY frontend/package*.json ./",
  "RUN npm ci --no-audit --no-fund",
  "COPY frontend .",
  "RUN npm run build",
  "",
  "FROM nginx:1.27-alpine AS runtime",
  "COPY --from=build /app/build /usr/share/nginx/html",
  "COPY docker/templates/nginx.conf /etc/nginx/conf.d/default.conf",
  "EXPOSE 80",
  "HEALTHCHECK CMD wget -qO- http://localhost/ || exit 1",
];

const FRONTEND_FILES = {
  "frontend/package.json": ['{ "dependencies": { "react": "19.0.0" }, "scripts": { "build": "vite build" } }'],
  "frontend/package-lock.json": ["{}"],
  "frontend/src/index.js": [""],
  "docker/templates/nginx.conf": ["server {}"],
  ".dockerignore": [".git", "**/node_modules", "frontend/build", "frontend/dist"],
};

test("the front end's template ships root, and says neither times nor labels", async () => {
  const project = { ...FRONTEND_FILES, Dockerfile: FRONTEND };

  expect(await asked(project)).toEqual([
    "health/set-timings#implicit (info)",
    "labels/require-labels",
    "user/require-user#known-root",
  ]);
});

test("modules of the build stage do not count as shipped", async () => {
  const finished = FRONTEND.flatMap((line) => {
    if (line.startsWith("FROM nginx")) return ["FROM nginxinc/nginx-unprivileged:1.27-alpine AS runtime"];
    if (line.startsWith("HEALTHCHECK")) {
      return ["HEALTHCHECK --interval=30s --timeout=3s --retries=3 CMD wget -qO- http://localhost:8080/ || exit 1"];
    }
    return [line.replace("EXPOSE 80", "EXPOSE 8080")];
  });
  const project = { ...FRONTEND_FILES, Dockerfile: [...finished, ...LABELS] };

  expect(await asked(project)).toEqual([]);
});

const OVERRIDE = [
  "services:",
  "  api:",
  "    build:",
  "      context: .",
  "      dockerfile: docker/services/api.Dockerfile",
  "    env_file: .env",
  "    ports:",
  '      - "8000:8000"',
  "    deploy:",
  "      resources:",
  "        limits:",
  '          cpus: "1.0"',
  "          memory: 512M",
  "    healthcheck:",
  '      test: ["CMD", "curl", "-f", "http://localhost:8000/health"]',
  "      interval: 30s",
  "      timeout: 3s",
  "      retries: 3",
];

test("a service that builds a Dockerfile in another folder is judged with its context, image and check", async () => {
  const project = (dockerfile: readonly string[]) => ({
    ...FILES,
    "docker/services/api.Dockerfile": dockerfile,
    "compose.yaml": OVERRIDE,
  });

  // The standards want a read-only root and no capabilities; the rest is what the other documents of the checklist want.
  const run = [
    "runtime/drop-capabilities",
    "runtime/limit-logs#unbounded",
    "runtime/set-no-new-privileges#missing",
    "runtime/set-read-only",
    "runtime/set-restart#missing",
  ];

  expect(await asked(project(python(CURL, LABELS)))).toEqual(run);
  expect(await asked(project(python([], LABELS)))).toEqual(["health/install-probe-tool#tool", ...run]);
  // "Configure resource requests/limits": the example has limits only.
  expect(await hinted(project(python(CURL, LABELS)))).toContain("runtime/reserve-resources (info)");
});

test("profiles for development and tests ask for less than the one for production", async () => {
  const image = (file: string) => ({
    [file]: ["services:", "  api:", "    image: ghcr.io/northport/api:1.4.2", "    user: root"],
  });

  expect(await asked(image("compose.dev.yml"))).toEqual([]);
  expect(await asked(image("compose.prod.yml"))).toEqual([
    "images/pin-digest#no-digest (info)",
    ...UNSAID,
    "user/no-root-user#service",
  ]);
});
