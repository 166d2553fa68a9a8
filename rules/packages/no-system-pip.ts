import { defineRule, type Finding } from "../../src/engine/rule.js";
import { systemPipInstalls } from "../../src/project/managed-python.js";
import type { StageView } from "../../src/project/model.js";

const PIP = "RUN apt-get update && apt-get install -y python3-pip";

export default defineRule({
  id: "packages/no-system-pip",
  summary: "`pip` does not install into a Python that the distribution manages",
  levels: { recommended: "error", strict: "error" },
  kinds: {
    blocked: { summary: "The distribution's Python refuses the install" },
    override: {
      summary: "`--break-system-packages` writes into the distribution's Python",
      levels: { recommended: "off", strict: "info" },
    },
  },
  roles: "all",
  fixable: "never",
  why: [
    "Debian 12, Ubuntu 23.04 and Alpine 3.19, and what came after them, mark their Python as managed: `pip install` outside of a " +
      "virtual environment ends with `externally-managed-environment`, and so does the build.",
    "Told to go on, pip replaces files that belong to packages of the distribution, and tools that are written in Python break.",
  ],
  references: [
    "https://packaging.python.org/en/latest/specifications/externally-managed-environments/",
    "https://peps.python.org/pep-0668/",
  ],
  mentions: { dockerfile: ["pip"] },
  check: { stage: checkStage },
  examples: {
    bad: [
      {
        name: "Debian 12",
        kind: "blocked",
        message: "Debian 12",
        files: { Dockerfile: ["FROM debian:12", PIP, "RUN pip «install» flask==3.1.1"] },
      },
      {
        name: "Ubuntu 24.04, in one RUN",
        kind: "blocked",
        files: {
          Dockerfile: ["FROM ubuntu:24.04", `${PIP} && pip3 «install» --no-cache-dir flask==3.1.1`],
        },
      },
      {
        name: "Alpine, as a module",
        kind: "blocked",
        message: "`python3 -m pip install`",
        files: {
          Dockerfile: [
            "FROM alpine:3.22",
            "RUN apk add --no-cache python3 py3-pip",
            "RUN python3 -m pip «install» -r requirements.txt",
          ],
        },
      },
      {
        name: "another language on Debian 12, in a stage of its own",
        kind: "blocked",
        files: {
          Dockerfile: ["FROM node:22-bookworm-slim AS base", PIP, "FROM base", "RUN pip3 «install» awscli==1.40.1"],
        },
      },
      {
        name: "told to go on",
        kind: "override",
        files: { Dockerfile: ["FROM debian:12", PIP, "RUN pip install «--break-system-packages» flask==3.1.1"] },
      },
    ],
    good: [
      {
        name: "a virtual environment",
        files: {
          Dockerfile: [
            "FROM debian:12",
            "RUN apt-get update && apt-get install -y python3-pip python3-venv",
            "RUN python3 -m venv /opt/venv && /opt/venv/bin/pip install flask==3.1.1",
          ],
        },
      },
      {
        name: "one that is first on PATH",
        files: {
          Dockerfile: ["FROM debian:12", PIP, 'ENV PATH="/opt/venv/bin:$PATH"', "RUN pip install flask==3.1.1"],
        },
      },
      {
        name: "one that VIRTUAL_ENV names",
        files: { Dockerfile: ["FROM debian:12", PIP, "ENV VIRTUAL_ENV=/opt/venv", "RUN pip install flask==3.1.1"] },
      },
      {
        name: "activated before",
        files: { Dockerfile: ["FROM debian:12", PIP, "RUN . /opt/venv/bin/activate && pip install flask==3.1.1"] },
      },
      {
        name: "the images of Python",
        files: { Dockerfile: ["FROM python:3.13-slim", PIP, "RUN pip install flask==3.1.1"] },
      },
      { name: "an older release", files: { Dockerfile: ["FROM debian:11", PIP, "RUN pip install flask==3.1.1"] } },
      { name: "an unknown release", files: { Dockerfile: ["FROM debian", PIP, "RUN pip install flask==3.1.1"] } },
      { name: "an unknown base", files: { Dockerfile: ["FROM registry.acme.io/base", PIP, "RUN pip install flask"] } },
      {
        name: "another folder",
        files: { Dockerfile: ["FROM debian:12", PIP, "RUN pip install --target /srv/lib flask==3.1.1"] },
      },
      {
        name: "allowed by a variable",
        files: {
          Dockerfile: [
            "FROM debian:12",
            PIP,
            "RUN PIP_BREAK_SYSTEM_PACKAGES=1 pip install flask==3.1.1",
            "ENV PIP_BREAK_SYSTEM_PACKAGES=1",
            "RUN pip install flask==3.1.1",
          ],
        },
      },
      {
        name: "the mark is gone",
        files: {
          Dockerfile: [
            "FROM debian:12",
            PIP,
            "RUN rm /usr/lib/python3.11/EXTERNALLY-MANAGED && pip install flask==3.1.1",
          ],
        },
      },
      {
        name: "a pip that the distribution did not bring",
        files: { Dockerfile: ["FROM debian:12", "RUN pip install flask==3.1.1"] },
      },
      {
        name: "a Python of its own",
        files: {
          Dockerfile: [
            "FROM debian:12",
            PIP,
            "RUN curl -fsSL https://example.com/miniforge.sh | bash",
            "RUN pip install flask==3.1.1",
            "RUN python3.13 -m pip install flask==3.1.1",
          ],
        },
      },
      { name: "it may fail", files: { Dockerfile: ["FROM debian:12", PIP, "RUN pip install flask || true"] } },
      {
        name: "the option where nothing is managed",
        files: { Dockerfile: ["FROM python:3.13", "RUN pip install --break-system-packages flask"] },
      },
    ],
  },
});

function* checkStage(stage: StageView): Iterable<Finding> {
  for (const install of systemPipInstalls(stage)) {
    if (install.kind === "override") {
      const message = "`--break-system-packages` writes into the distribution's Python; use a virtual environment";
      yield { kind: "override", range: install.range, message };
      continue;
    }
    const { range, what, system, pip } = install;
    yield {
      kind: "blocked",
      range,
      message: `\`${what}\` is refused by the Python of ${system}; create a virtual environment`,
      related: [{ range: pip, message: "brings the pip of the distribution" }],
    };
  }
}
