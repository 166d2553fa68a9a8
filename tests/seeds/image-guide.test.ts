import { expect, test } from "vitest";
import { asked, hinted, LABELS, type Project, PYTHON_IGNORE, PYTHON_PROBE, SAID, UNSAID } from "./asked.js";

// A guide to three images of one program: production in two stages, development, and an image for agents.

const SOURCES = {
  "requirements.txt": ["httpx==0.28.1"],
  "tidewatch/__init__.py": [""],
  "tidewatch/probe.py": ["import sys"],
} as const;

const PRODUCTION = [
  "FROM python:3.11-slim AS packages",
  "WORKDIR /build",
  "COPY requirements.txt .",
  "RUN pip install --no-cache-dir --prefix=/install -r requirements.txt",
  "FROM python:3.11-slim",
  "RUN useradd --create-home --uid 1000 keeper",
  "WORKDIR /app",
  "COPY --from=packages /install /usr/local",
  "COPY tidewatch/ tidewatch/",
  "USER 1000",
  ...PYTHON_PROBE,
  'CMD ["python", "-m", "tidewatch"]',
  ...LABELS,
] as const;

// The file's name says that it is for production, where a digest is worth a hint.
const HINT = "images/pin-digest#no-digest (info)";

const GOOD: Project = { ...SOURCES, "Dockerfile.dist": PRODUCTION, ".dockerignore": PYTHON_IGNORE };

test("the production image as the guide describes it holds the checklist", async () => {
  expect(await asked(GOOD)).toEqual([HINT]);
});

test("Python in the production image writes its logs late unless it is told not to, which is worth a hint", async () => {
  const unbuffered = PRODUCTION.flatMap((line) =>
    line === "USER 1000" ? ["ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1", line] : [line],
  );

  expect(await hinted(GOOD)).toEqual(["packages/set-runtime-env#basics (info)"]);
  expect(await hinted({ ...GOOD, "Dockerfile.dist": unbuffered })).toEqual([]);
});

test("a development image needs neither a user of its own nor a probe, labels or two stages", async () => {
  const development = [
    "FROM python:3.11-slim",
    "RUN apt-get update && apt-get install -y --no-install-recommends build-essential git sqlite3 vim \\",
    "    && rm -rf /var/lib/apt/lists/*",
    "WORKDIR /workspace",
    "COPY requirements.txt .",
    "RUN pip install --no-cache-dir -r requirements.txt pytest==8.3.4 mypy==1.14.1 black==24.10.0",
    'CMD ["/bin/bash"]',
  ];

  expect(await asked({ ...SOURCES, "Dockerfile.dev": development, ".dockerignore": PYTHON_IGNORE })).toEqual([]);
});

test("an image that names no probe is asked for one", async () => {
  const without = PRODUCTION.filter((line) => !PYTHON_PROBE.some((part) => part === line));

  expect(await asked({ ...GOOD, "Dockerfile.dist": without })).toEqual(["health/require-healthcheck#image", HINT]);
});

test("a probe that is a script of the image, with all its times, is right", async () => {
  const scripted = PRODUCTION.flatMap((line) =>
    line === PYTHON_PROBE[0]
      ? ["COPY --chmod=755 docker/healthcheck.sh /docker/healthcheck.sh", line]
      : line === PYTHON_PROBE[1]
        ? ["  CMD /docker/healthcheck.sh"]
        : [line],
  );
  const project = { ...GOOD, "Dockerfile.dist": scripted, "docker/healthcheck.sh": ["#!/bin/sh", "exit 0"] };

  expect(await asked(project)).toEqual([HINT]);
});

test("a service with a check of its own, or with the check switched off, is asked for nothing but a fixed tag", async () => {
  const service = (...check: readonly string[]) => ({
    "compose.yaml": ["services:", "  tidewatch:", "    image: tidewatch:dist", ...SAID, "    healthcheck:", ...check],
  });
  const times = ["      interval: 30s", "      timeout: 10s", "      retries: 3", "      start_period: 5s"];

  expect(await asked(service('      test: ["CMD", "/docker/healthcheck.sh"]', ...times))).toEqual([
    "images/pin-tag#channel",
  ]);
  expect(await asked(service("      disable: true"))).toEqual(["images/pin-tag#channel"]);
});

test("limits, log rotation and hardening of a service leave no question but what follows a crash", async () => {
  const compose = [
    "services:",
    "  tidewatch:",
    "    image: tidewatch:dist-v1.4.0",
    "    security_opt:",
    "      - no-new-privileges:true",
    "    read_only: true",
    "    cap_drop:",
    "      - ALL",
    "    cap_add:",
    "      - NET_BIND_SERVICE",
    '    user: "1000:1000"',
    "    logging:",
    '      driver: "json-file"',
    "      options:",
    '        max-size: "10m"',
    '        max-file: "3"',
    "    deploy:",
    "      resources:",
    "        limits:",
    "          cpus: '1.0'",
    "          memory: 512M",
    "        reservations:",
    "          cpus: '0.25'",
    "          memory: 128M",
  ];

  // "Check restart policy" is what the guide says of a container that crashed; its fragments have none.
  expect(await asked({ "compose.yaml": compose })).toEqual(["runtime/set-restart#missing"]);
  expect(await asked({ "compose.yaml": [...compose, "    restart: unless-stopped"] })).toEqual([]);
  expect(await hinted({ "compose.yaml": compose })).toEqual([]);
});

test("packages that a later step removes stay in the image", async () => {
  const late = [
    "FROM python:3.11-slim",
    "RUN apt-get update && apt-get install -y --no-install-recommends build-essential git \\",
    "    && rm -rf /var/lib/apt/lists/*",
    "WORKDIR /app",
    "COPY requirements.txt .",
    "RUN pip install --no-cache-dir -r requirements.txt",
    "RUN apt-get remove -y build-essential git",
    "COPY tidewatch/ tidewatch/",
    "USER 1000",
    ...PYTHON_PROBE,
    'CMD ["python", "-m", "tidewatch"]',
    ...LABELS,
  ];

  expect(await asked({ ...GOOD, "Dockerfile.dist": late })).toEqual([
    HINT,
    "layers/no-late-removal",
    "stages/require-multi-stage",
  ]);
});

test("a distroless base without tag and user is asked for both", async () => {
  const distroless = PRODUCTION.map((line) =>
    line === "FROM python:3.11-slim" ? "FROM gcr.io/distroless/python3.11" : line,
  ).filter((line) => !/^(?:RUN useradd|USER)/.test(line));

  expect(await asked({ ...GOOD, "Dockerfile.dist": distroless })).toEqual([
    HINT,
    "images/pin-tag#no-tag",
    "user/require-user#known-root",
  ]);
});

test("a builder that installs from a list which nobody copied cannot be built", async () => {
  const project = {
    ...GOOD,
    "Dockerfile.dist": PRODUCTION.filter((line) => line !== "COPY requirements.txt ."),
  };

  expect(await asked(project, "recommended")).toEqual(["layers/copy-install-inputs#manifest"]);
  expect(await asked(project)).toEqual([HINT]);
});

test("an image on top of the one that the project builds keeps its user and its probe", async () => {
  const custom = [
    "FROM tidewatch:dist",
    "ENV LOG_LEVEL=DEBUG",
    "ENV POLL_SECONDS=30",
    "COPY --chmod=755 harbour-entrypoint.sh /docker/entrypoint.sh",
    "RUN pip install --no-cache-dir tide-tables==1.0.0",
    ...LABELS,
  ];
  const compose = [
    "services:",
    "  base:",
    "    image: tidewatch:dist",
    "    build:",
    "      context: .",
    "      dockerfile: Dockerfile.dist",
    "  custom:",
    "    build:",
    "      context: .",
    "      dockerfile: Dockerfile.custom",
  ];
  const project = {
    ...GOOD,
    "Dockerfile.custom": custom,
    "harbour-entrypoint.sh": ["#!/bin/sh", 'exec "$@"'],
    "compose.yaml": compose,
  };

  expect(await asked(project)).toEqual([HINT, ...UNSAID]);
});

test("secrets come at run time: a name without a value is right, a value is not", async () => {
  const compose = (value: string) => ({
    "compose.yaml": [
      "services:",
      "  tidewatch:",
      "    image: tidewatch:dist-v1.4.0",
      ...SAID,
      "    environment:",
      "      TELEMETRY_BACKEND: signals",
      "      SIGNALS_API_URL: http://signals:4418",
      `      PORT_API_KEY: ${value}`,
    ],
  });

  expect(await asked(compose("${PORT_API_KEY}"))).toEqual([]);
  expect(await asked(compose("q8Zr2LmX0vTn5KpW7yBd"))).toEqual(["secrets/no-env-secrets#service"]);
});

test("an ignore list that names its folders at the top only leaves nested ones in", async () => {
  const list = [
    ".git",
    ".gitignore",
    "__pycache__",
    "*.pyc",
    ".pytest_cache",
    ".mypy_cache",
    ".env.tidewatch",
    ".venv",
    "venv",
    "tests",
    "docs",
    "README.md",
  ];
  const everything = PRODUCTION.map((line) => (line.startsWith("COPY tidewatch/") ? "COPY . ." : line));

  expect(await asked({ ...GOOD, "Dockerfile.dist": everything, ".dockerignore": list })).toEqual([
    "context/ignore-generated-files#recommended (info)",
    "context/match-nested-paths",
    HINT,
  ]);
});
