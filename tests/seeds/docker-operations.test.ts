import { expect, test } from "vitest";
import { asked, LABELS, SAID, UNSAID } from "./asked.js";

// Operations of a service: a wheel is built in one stage and installed in the other, tests have a file of their own, one
// Compose file with three tiers of volumes, and an ignore file.

const IGNORE = [
  ".git/",
  ".github/",
  "**/__pycache__/",
  "**/*.pyc",
  ".pytest_cache/",
  ".coverage",
  "htmlcov/",
  ".mypy_cache/",
  ".ruff_cache/",
  "**/*.egg-info/",
  "dist/",
  "build/",
  "**/.venv/",
  "**/venv/",
  "node_modules/",
];

const FILES = {
  "pyproject.toml": ["[project]", 'name = "tidewatch"'],
  "README.md": ["# Tidewatch"],
  "src/tidewatch/__init__.py": [""],
  ".dockerignore": IGNORE,
};

const BUILDER = [
  "FROM python:3.11-slim AS builder",
  "RUN apt-get update && apt-get install -y git gcc",
  "WORKDIR /src",
  "COPY pyproject.toml README.md ./",
  "COPY src/ ./src/",
  "RUN pip install build==1.2.2 && python -m build --wheel --outdir /dist",
];

const PROBE =
  "HEALTHCHECK --interval=30s --timeout=10s --retries=3 CMD curl --fail http://localhost:8000/health || exit 1";

const runtime = (...curl: readonly string[]) => [
  ...BUILDER,
  "FROM python:3.11-slim",
  ...curl,
  "RUN useradd -m -u 1000 keeper",
  "COPY --from=builder /dist/*.whl /tmp/",
  "RUN pip install --no-cache-dir /tmp/*.whl",
  "USER 1000",
  PROBE,
  'CMD ["uvicorn", "tidewatch:app", "--host", "0.0.0.0", "--port", "8000"]',
  ...LABELS,
];

const CURL = "RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*";

test("a probe by curl needs curl in the image, which the slim base lacks", async () => {
  expect(await asked({ ...FILES, Dockerfile: runtime() })).toEqual(["health/install-probe-tool#tool"]);
  expect(await asked({ ...FILES, Dockerfile: runtime(CURL) })).toEqual([]);
});

test("a probe without times, a user by name and no labels are asked about", async () => {
  const short = runtime(CURL)
    .slice(0, -LABELS.length)
    .map((line) => (line === PROBE ? "HEALTHCHECK CMD curl --fail http://localhost:8000/health || exit 1" : line))
    .map((line) => (line === "USER 1000" ? "USER keeper" : line));

  expect(await asked({ ...FILES, Dockerfile: short })).toEqual([
    "health/set-timings#implicit (info)",
    "labels/require-labels",
    "user/set-uid#name",
  ]);
});

test("the builder alone would ship its compiler and its sources as root", async () => {
  const single = [...BUILDER, 'CMD ["python", "-m", "tidewatch"]', ...LABELS];

  // What does not matter in a builder is left in the image when the builder is what ships.
  expect(await asked({ ...FILES, Dockerfile: single })).toEqual([
    "health/require-healthcheck#image",
    "packages/clean-language-cache#pip",
    "packages/clean-system-cache#apt",
    "stages/require-multi-stage",
    "user/require-user#known-root",
  ]);
});

test("an image for tests may install what it tests in place, with all tools, as root and without a probe", async () => {
  const tests = [
    "FROM python:3.11-slim",
    "WORKDIR /work",
    "COPY pyproject.toml README.md ./",
    "RUN pip install -e .[dev]",
    "COPY tests/ ./tests/",
    "COPY src/ ./src/",
    'CMD ["pytest", "--cov=src", "--cov-fail-under=85"]',
  ];
  const project = { ...FILES, "Dockerfile.test": tests, "tests/test_tides.py": ["def test(): pass"] };

  expect(await asked(project)).toEqual([]);
});

const COMPOSE = [
  "services:",
  "  tides:",
  "    build: .",
  "    ports:",
  '      - "8000:8000"',
  "    volumes:",
  "      - ./configs:/app/configs:ro",
  "      - ./ephemeral:/app/ephemeral",
  "      - ./logs:/app/logs",
  "    environment:",
  "      - ENV=production",
  "    healthcheck:",
  '      test: ["CMD", "curl", "-f", "http://localhost:8000/health"]',
  "      interval: 30s",
  "      timeout: 10s",
  "      retries: 3",
  "    networks:",
  "      - tide-network",
  "networks:",
  "  tide-network:",
  "    driver: bridge",
];

test("a service with ports, volumes, a check and a network is asked for no more than how it runs", async () => {
  const project = { ...FILES, Dockerfile: runtime(CURL), "compose.yaml": COMPOSE };

  expect(await asked(project)).toEqual(UNSAID);
  // The document says nothing of it, and without a preset of its own nobody insists.
  expect(await asked(project, "recommended")).toEqual([]);
});

test("three tiers of volumes leave the root to be read only", async () => {
  const ports = COMPOSE.indexOf("    ports:");
  const said = [...COMPOSE.slice(0, ports), ...SAID, ...COMPOSE.slice(ports)];
  const project = { ...FILES, Dockerfile: runtime(CURL), "compose.yaml": said };

  expect(await asked(project)).toEqual([]);
});

test("the check of a service asks for its program in the image that it builds", async () => {
  const withoutProbe = runtime().filter((line) => line !== PROBE);
  const project = { ...FILES, Dockerfile: withoutProbe, "compose.yaml": COMPOSE };

  expect(await asked(project)).toEqual([
    "health/install-probe-tool#tool",
    "health/require-healthcheck#image",
    ...UNSAID,
  ]);
});

test("a comment behind FROM does not build", async () => {
  const commented = runtime(CURL).map((line) =>
    line === "FROM python:3.11-slim" ? "FROM python:3.11-slim  # the second stage" : line,
  );

  expect(await asked({ ...FILES, Dockerfile: commented })).toContain("syntax/no-parse-error#arguments");
});

test("an image in CI that is tagged by hand is still asked for a version", async () => {
  const compose = ["services:", "  tides:", "    image: tides:latest", ...SAID];

  expect(await asked({ "compose.yaml": compose })).toEqual(["images/pin-tag#latest"]);
});
