import { defineRule, type Finding, type Fix, type RuleContext } from "../../src/engine/rule.js";
import { type EditableInstall, editableInstalls } from "../../src/project/editable-installs.js";
import type { Build, CopyView } from "../../src/project/model.js";

export default defineRule({
  id: "stages/no-editable-install-in-final",
  summary: "Production installs a built package, not a source link",
  levels: { recommended: "warning", checklist: "warning", strict: "error" },
  kinds: {
    pip: { summary: "the shipped stages link to the source tree" },
    "poetry-root": {
      summary: "`poetry install` links to the project unless told `--no-root`",
      levels: { recommended: "info", checklist: "info", strict: "info" },
    },
    uv: {
      summary: "`uv sync` links to the project unless told `--no-editable`",
      levels: { recommended: "off", checklist: "off", strict: "off" },
    },
    copied: { summary: "packages are copied from a stage that links to its source tree" },
  },
  roles: ["production"],
  fixable: "sometimes",
  why: [
    "An editable install is a pointer to a folder. The image breaks when that folder moves or is left behind in a builder " +
      "stage, and everything in it, tests too, can be imported.",
  ],
  references: [
    "https://pip.pypa.io/en/stable/topics/local-project-installs/#editable-installs",
    "https://python-poetry.org/docs/cli/#install",
    "https://docs.astral.sh/uv/guides/integration/docker/#non-editable-installs",
    "https://docs.npmjs.com/cli/commands/npm-link",
  ],
  mentions: { dockerfile: ["pip", "setup.py", "poetry", "uv", "npm", "yarn"] },
  check: { build: checkBuild },
  examples: {
    bad: [
      {
        name: "the short option",
        kind: "pip",
        files: {
          Dockerfile: ["FROM python:3.12-slim", "WORKDIR /app", "COPY . .", "RUN pip install --no-cache-dir «-e» ."],
        },
        fixed: {
          Dockerfile: ["FROM python:3.12-slim", "WORKDIR /app", "COPY . .", "RUN pip install --no-cache-dir ."],
        },
      },
      {
        name: "the long option, joined, with extras",
        kind: "pip",
        files: { Dockerfile: ["FROM python:3.12-slim", "COPY . /app", "RUN pip install «--editable=»/app[postgres]"] },
        fixed: { Dockerfile: ["FROM python:3.12-slim", "COPY . /app", "RUN pip install /app[postgres]"] },
      },
      {
        name: "by way of uv, in a parent stage",
        kind: "pip",
        files: {
          Dockerfile: ["FROM python:3.12-slim AS base", "RUN uv pip install --system «-e» .", "FROM base", "USER 1000"],
        },
        fixed: {
          Dockerfile: ["FROM python:3.12-slim AS base", "RUN uv pip install --system .", "FROM base", "USER 1000"],
        },
      },
      {
        name: "setuptools",
        kind: "pip",
        files: { Dockerfile: ["FROM python:3.12-slim", "COPY . .", "RUN python setup.py «develop»"] },
      },
      {
        name: "npm",
        kind: "pip",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "COPY . .", "RUN npm ci && npm «link»", "RUN npm install -g «.»"],
        },
      },
      {
        name: "poetry",
        kind: "poetry-root",
        message: "`--no-root`",
        files: { Dockerfile: ["FROM python:3.12-slim", "COPY . .", "RUN poetry «install» --only main"] },
      },
      {
        name: "uv",
        kind: "uv",
        files: {
          Dockerfile: ["FROM python:3.12-slim", "WORKDIR /app", "COPY . .", "RUN uv «sync» --locked --no-dev"],
          "pyproject.toml": ["[project]", 'name = "api"', "[build-system]", 'requires = ["hatchling"]'],
        },
      },
      {
        name: "a virtual environment of a stage that links",
        kind: "copied",
        message: "`build`",
        files: {
          Dockerfile: [
            "FROM python:3.12-slim AS build",
            "WORKDIR /src",
            "RUN python -m venv /opt/venv",
            "COPY . .",
            "RUN /opt/venv/bin/pip install -e .",
            "FROM python:3.12-slim",
            "COPY --from=build «/opt/venv» /opt/venv",
          ],
        },
      },
    ],
    good: [
      {
        name: "a wheel",
        files: {
          Dockerfile: [
            "FROM python:3.12-slim AS build",
            "COPY . .",
            "RUN pip install -e . && pip wheel --no-deps -w /dist .",
            "FROM python:3.12-slim",
            "COPY --from=build /dist/*.whl /tmp/",
            "RUN pip install --no-cache-dir /tmp/*.whl",
          ],
        },
      },
      { name: "the package itself", files: { Dockerfile: ["FROM python:3.12-slim", "COPY . .", "RUN pip install ."] } },
      {
        name: "an `-e` of another program",
        files: {
          Dockerfile: ["FROM python:3.12-slim", "RUN set -e; pip install flask==3.1.0; sed -e s/a/b/ -i /etc/hosts"],
        },
      },
      {
        name: "a test image",
        files: { "Dockerfile.test": ["FROM python:3.12-slim", "COPY . .", "RUN pip install -e ."] },
      },
      {
        name: "an image that runs tests",
        files: { Dockerfile: ["FROM python:3.12-slim", "COPY . .", "RUN pip install -e .", 'CMD ["pytest", "-q"]'] },
      },
      {
        name: "poetry without the project, or with one that is no package",
        files: {
          Dockerfile: ["FROM python:3.12-slim", "RUN poetry install --no-root"],
          "web/Dockerfile": ["FROM python:3.12-slim", "WORKDIR /app", "COPY pyproject.toml .", "RUN poetry install"],
          "web/pyproject.toml": ["[tool.poetry]", "package-mode = false"],
        },
      },
      {
        name: "uv, told not to link, or with a project that is not installed",
        files: {
          Dockerfile: [
            "FROM python:3.12-slim",
            "WORKDIR /app",
            "COPY pyproject.toml uv.lock ./",
            "RUN uv sync --locked",
            "RUN uv sync --locked --no-editable",
            "RUN uv sync --locked --no-install-project",
            "ENV UV_NO_EDITABLE=1",
            "RUN uv sync --locked",
          ],
          "pyproject.toml": ["[project]", 'name = "api"'],
          "uv.lock": [""],
        },
      },
      {
        name: "packages of npm by name",
        files: { Dockerfile: ["FROM node:22.14.0-slim", "RUN npm install -g pm2@5.4.3"] },
      },
      {
        name: "other files of a stage that links",
        files: {
          Dockerfile: [
            "FROM python:3.12-slim AS build",
            "RUN pip install -e . && python -m app.export /out",
            "FROM nginx:1.27.4",
            "COPY --from=build /out /usr/share/nginx/html",
          ],
        },
      },
    ],
  },
});

/** An image that starts one of these is for tests, whatever its file is called. */
const TEST_RUNNERS: ReadonlySet<string> = new Set([
  "pytest",
  "py.test",
  "tox",
  "nox",
  "coverage",
  "nose2",
  "jest",
  "vitest",
]);

function* checkBuild({ chain, target }: Build, { project }: RuleContext): Iterable<Finding> {
  const starts = [target?.entrypoint, target?.command].flatMap((view) => view?.commands ?? []);
  if (starts.some(({ name }) => name !== undefined && TEST_RUNNERS.has(name))) return;
  for (const stage of chain) {
    for (const install of editableInstalls(stage, project)) yield ofInstall(install);
    for (const copy of stage.copies) yield* ofCopy(copy, project);
  }
}

function ofInstall({ kind, what, range, edit, isPython }: EditableInstall): Finding {
  switch (kind) {
    case "poetry-root":
      return {
        kind,
        range,
        message: `\`${what}\` ships a link to the source tree; add \`--no-root\` and install a built wheel`,
      };
    case "uv":
      return { kind, range, message: `\`${what}\` ships a link to the source tree; add \`--no-editable\`` };
    case "link": {
      const remedy = isPython ? "install the package itself, or a built wheel" : "install a packed tarball";
      return {
        kind: "pip",
        range,
        message: `\`${what}\` ships a link to the source tree; ${remedy}`,
        fix: edit === undefined ? undefined : withoutLink(edit),
      };
    }
  }
}

/** Unsafe: what the package leaves out of its build is no longer there, and edits of the source tree change nothing. */
function withoutLink(edit: NonNullable<EditableInstall["edit"]>): Fix {
  return { description: "install the package itself", safety: "unsafe", edits: [edit] };
}

/** Folders that hold Python's packages. */
const PACKAGES: ReadonlySet<string> = new Set(
  ".venv venv virtualenv site-packages dist-packages .local python3".split(" "),
);

function holdsPackages(path: string): boolean {
  return path
    .split("/")
    .some((name) => PACKAGES.has(name) || (name.startsWith("python3") && /^[\d.]*$/.test(name.slice(7))));
}

function* ofCopy({ from, sources, stage }: CopyView, project: RuleContext["project"]): Iterable<Finding> {
  if (from.kind !== "stage" || from.stage === stage) return;
  for (const { kind, path, range } of sources) {
    if (kind !== "path" || path === undefined || !holdsPackages(path)) continue;
    const install = from.stage.lineage
      .filter(({ build }) => build === stage.build)
      .flatMap((member) => editableInstalls(member, project))
      .find((each) => each.kind === "link" && each.isPython);
    if (install === undefined) continue;
    yield {
      kind: "copied",
      range,
      message: `\`${path}\` links to the source tree of \`${from.stage.label}\`; install the package itself there`,
      related: [{ range: install.range, message: `\`${install.what}\` makes the link` }],
    };
  }
}
