import { expect, test } from "vitest";
import { asked, LABELS, PYTHON_PROBE, SAID } from "./asked.js";

// How the images of a program are named, pinned, built with arguments and obtained from registries.

const service = (image: string) => ({
  "compose.yaml": ["services:", "  tidewatch:", `    image: ${image}`, ...SAID],
});

test("a tag that names no release moves, one that ends in a version does not", async () => {
  expect(await asked(service("northport/tidewatch:dist"))).toEqual(["images/pin-tag#channel"]);
  expect(await asked(service("northport/tidewatch:dev-latest"))).toEqual(["images/pin-tag#channel"]);
  expect(await asked(service("northport/tidewatch:dist-v1.2.3"))).toEqual([]);
});

test("a registry does not change what a tag means", async () => {
  expect(await asked(service("registry.northport.example/tidewatch:dist"))).toEqual(["images/pin-tag#channel"]);
  expect(await asked(service("registry.northport.example:5000/tidewatch"))).toEqual(["images/pin-tag#no-tag"]);
});

const WITH_ARGUMENTS = [
  "ARG PYTHON_VERSION=3.11",
  "FROM python:${PYTHON_VERSION}-slim AS packages",
  "WORKDIR /build",
  "COPY requirements.txt .",
  "RUN pip install --no-cache-dir --prefix=/install -r requirements.txt",
  "FROM python:${PYTHON_VERSION}-slim",
  "RUN useradd --create-home --uid 1000 keeper",
  "WORKDIR /app",
  "COPY --from=packages /install /usr/local",
  "COPY tidewatch/ tidewatch/",
  "COPY --chmod=755 entrypoint.sh /app/entrypoint.sh",
  "USER 1000",
  ...PYTHON_PROBE,
  'ENTRYPOINT ["/app/entrypoint.sh"]',
  ...LABELS,
];

const FILES = {
  "requirements.txt": ["httpx==0.28.1"],
  "tidewatch/__main__.py": ["print()"],
  "entrypoint.sh": ["#!/bin/sh", "exec python -m tidewatch"],
  ".dockerignore": [".git", "**/__pycache__", "**/*.py[cod]", "**/.venv", "**/venv"],
};

test("a version that a build argument chooses is a version", async () => {
  const project = { ...FILES, "Dockerfile.prod": WITH_ARGUMENTS };

  expect(await asked(project)).toEqual(["images/pin-digest#no-digest (info)"]);
  expect(await asked(project, "recommended")).toEqual([]);
});

test("a version argument that is latest by default is no version", async () => {
  const moving = WITH_ARGUMENTS.map((line) =>
    line.startsWith("ARG PYTHON_VERSION") ? "ARG PYTHON_TAG=latest" : line,
  ).map((line) => line.replace("${PYTHON_VERSION}-slim", "${PYTHON_TAG}"));

  expect(await asked({ ...FILES, "Dockerfile.prod": moving })).toEqual([
    "images/pin-digest#no-digest (info)",
    "images/pin-tag#latest",
    "images/prefer-minimal-base#variant (info)",
  ]);
});

test("the version of a tool that a build argument chooses may stand at the top", async () => {
  const tool = WITH_ARGUMENTS.flatMap((line) =>
    line.startsWith("RUN useradd")
      ? ["ARG CHARTS_CLI_VERSION=2.4.0", line, 'RUN pip install --no-cache-dir "charts-cli==$CHARTS_CLI_VERSION"']
      : [line],
  );

  expect(await asked({ ...FILES, "Dockerfile.prod": tool })).toEqual(["images/pin-digest#no-digest (info)"]);
});

test("a development image may run as root", async () => {
  const development = [
    "FROM python:3.11",
    "WORKDIR /app",
    "COPY pyproject.toml pytest.ini ./",
    "RUN pip install --no-cache-dir pytest==8.3.4 mypy==1.14.1 ruff==0.8.6",
    "USER root",
    'ENTRYPOINT ["/bin/bash"]',
  ];
  const project = { "Dockerfile.dev": development, "pyproject.toml": ["[project]"], "pytest.ini": ["[pytest]"] };

  expect(await asked(project)).toEqual([]);
});
