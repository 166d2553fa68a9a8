import { defineRule, type Finding, type Fix, option, type RuleContext } from "../../src/engine/rule.js";
import { isConfigured } from "../../src/project/manager-settings.js";
import type { RunView, StageView } from "../../src/project/model.js";
import { addOptions } from "../../src/project/package-edits.js";
import { runsAndTriggers } from "../../src/project/trigger-runs.js";
import type { PackageCommand } from "../../src/shell/package-model.js";

const OPTIONS = {
  apt: "--no-install-recommends",
  zypper: "--no-recommends",
  dnf: "--setopt=install_weak_deps=False",
} as const;
type Kind = keyof typeof OPTIONS;

const options = {
  managers: option.strings({
    default: ["apt", "zypper"],
    description: "Package managers that are judged: `apt`, `zypper`, `dnf`.",
  }),
  stages: option.choice({
    words: ["shipped", "all"],
    default: "shipped",
    description: "`all` also judges stages that only build, whose packages do not ship.",
  }),
  needRecommends: option.strings({
    default: [],
    description: "Packages that are of use only with what they recommend: metapackages, desktops.",
  }),
};

export default defineRule({
  id: "packages/no-recommends",
  summary: "Only the packages asked for are installed",
  levels: { recommended: "info", checklist: "info", strict: "warning" },
  kinds: {
    apt: {
      summary: "`apt-get`, `apt` or `aptitude` with recommended packages",
      aliases: [
        "hadolint:DL3015",
        "trivy:DS-0029",
        "kics:apt-get-not-avoiding-additional-packages",
        "kics:7384dfb2-fcd1-4fbf-91cd-6c44c318c33c",
        "semgrep:missing-no-install-recommends",
      ],
    },
    zypper: { summary: "`zypper` with recommended packages" },
    dnf: { summary: "`dnf` or `microdnf` with weak dependencies" },
  },
  roles: ["production", "test", "ci"],
  fixable: "always",
  why: [
    "Recommended packages are a distribution's guess at what a desktop or a server may want, too: documentation, mail " +
      "servers, fonts. In an image each is weight to pull and one more program to patch.",
  ],
  references: [
    "https://www.debian.org/doc/debian-policy/ch-relationships.html#binary-dependencies-depends-recommends-suggests-enhances-pre-depends",
    "https://docs.docker.com/build/building/best-practices/#apt-get",
    "CIS 4.3",
  ],
  options,
  presetOptions: { hadolint: { managers: ["apt"], stages: "all" } },
  mentions: { dockerfile: ["apt", "zypper", "dnf"] },
  check: { stage: checkStage },
  examples: {
    bad: [
      {
        name: "an install",
        kind: "apt",
        message: "`apt-get install` also installs",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN apt-get update && apt-get «install» -y curl && rm -rf /var/lib/apt/lists/*",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN apt-get update && apt-get install --no-install-recommends -y curl && rm -rf /var/lib/apt/lists/*",
          ],
        },
      },
      {
        name: "other programs of apt, exec form, a parent of what ships",
        kind: "apt",
        files: {
          Dockerfile: [
            "FROM debian:12-slim AS base",
            "RUN apt «install» -y curl && aptitude «install» -y git",
            "FROM base",
            'RUN ["apt-get", «"install"», "-y", "jq"]',
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM debian:12-slim AS base",
            "RUN apt install --no-install-recommends -y curl && aptitude install --without-recommends -y git",
            "FROM base",
            'RUN ["apt-get", "install", "--no-install-recommends", "-y", "jq"]',
          ],
        },
      },
      {
        name: "a stage that only builds, as hadolint has it",
        kind: "apt",
        preset: "hadolint",
        files: {
          Dockerfile: [
            "FROM debian:12-slim AS build",
            "RUN apt-get update && apt-get «install» -y gcc",
            "ONBUILD RUN apt-get «install» -y make",
            "FROM scratch",
            "COPY --from=build /api /api",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM debian:12-slim AS build",
            "RUN apt-get update && apt-get install --no-install-recommends -y gcc",
            "ONBUILD RUN apt-get install --no-install-recommends -y make",
            "FROM scratch",
            "COPY --from=build /api /api",
          ],
        },
      },
      {
        name: "zypper",
        kind: "zypper",
        files: { Dockerfile: ["FROM opensuse/leap:15.6", "RUN zypper -n «install» vim && zypper clean"] },
        fixed: { Dockerfile: ["FROM opensuse/leap:15.6", "RUN zypper -n install --no-recommends vim && zypper clean"] },
      },
      {
        name: "dnf, where the policy asks for it",
        kind: "dnf",
        options: { managers: ["dnf"] },
        files: { Dockerfile: ["FROM fedora:42", "RUN dnf «install» -y httpd && dnf clean all"] },
        fixed: {
          Dockerfile: ["FROM fedora:42", "RUN dnf install --setopt=install_weak_deps=False -y httpd && dnf clean all"],
        },
      },
    ],
    good: [
      {
        name: "the option, in its spellings",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN apt-get install -y --no-install-recommends curl && apt-get --no-install-recommends install -y git",
            "RUN apt-get -o APT::Install-Recommends=false install -y jq && apt-get install -o APT::Install-Recommends=0 -y jq",
            "RUN aptitude install -R -y jq && aptitude install --without-recommends -y jq",
            "RUN zypper -n in --no-recommends vim",
          ],
        },
      },
      {
        name: "a file of an earlier step says so",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            'RUN printf \'APT::Install-Recommends "0";\\nAPT::Install-Suggests "0";\\n\' > /etc/apt/apt.conf.d/99minimal',
            "RUN apt-get update && apt-get install -y curl",
          ],
        },
      },
      {
        name: "a stage that only builds",
        files: {
          Dockerfile: [
            "FROM debian:12 AS build",
            "RUN apt-get update && apt-get install -y gcc",
            "FROM debian:12-slim",
            "COPY --from=build /api /api",
          ],
        },
      },
      {
        name: "what is installed is removed again",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN apt-get update && apt-get install -y gcc $BUILD && make && apt-get purge -y --auto-remove gcc $BUILD",
            "RUN apt-get install -y gcc && make && apt-mark auto '.*' && apt-get purge -y --auto-remove",
          ],
        },
      },
      {
        name: "other commands, local files, metapackages, managers that are not judged",
        options: { needRecommends: ["xfce4"] },
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "COPY api.deb /tmp/",
            "RUN apt-get update && apt-get build-dep -y nginx && apt-get upgrade -y && apt-get install -y /tmp/api.deb",
            "RUN apt-get install -y xfce4 && apt-get install -y --download-only curl && dnf install -y httpd",
          ],
        },
      },
    ],
  },
});

function* checkStage(
  stage: StageView,
  { options: { managers, stages, needRecommends } }: RuleContext<typeof options>,
): Iterable<Finding> {
  if (stage.isWindows || (stages === "shipped" && !stage.isShipped)) return;
  // Triggers run in another build, of which nobody knows what ships.
  for (const run of stages === "all" ? runsAndTriggers(stage) : stage.runs) {
    const removals = run.packages.length === 0 ? [] : run.facts.removals;
    for (const command of run.packages) {
      const kind = kindOf(command);
      if (kind === undefined || !managers.includes(kind) || isMinimal(command, kind, run)) continue;
      if (command.packages.some(({ name }) => name !== undefined && needRecommends.includes(name))) continue;
      if (!isRemovedAgain(command, removals, run)) yield finding(kind, command);
    }
  }
}

/** The kind of a command that installs packages of a repository. */
function kindOf({ family, manager, action, verb, packages, isDryRun }: PackageCommand): Kind | undefined {
  if (action !== "install" || isDryRun || verb === "build-dep" || verb === "builddep") return undefined;
  if (packages.length === 0 || packages.every(({ kind }) => kind === "local")) return undefined;
  if (family === "apt" || family === "zypper") return family;
  return family === "yum" && manager !== "yum" && manager !== "tdnf" ? "dnf" : undefined;
}

function isMinimal(command: PackageCommand, kind: Kind, run: RunView): boolean {
  const { options: given, manager } = command;
  if (given.has(OPTIONS[kind], "--no-install-recommends", "--without-recommends")) return true;
  if (manager === "aptitude" && given.has("-R")) return true;
  // `-o APT::Install-Recommends=0`, `--setopt=install_weak_deps=False`
  const isSet = given.options.some(({ value }) => {
    const at = value?.indexOf("=") ?? -1;
    if (value === undefined || at === -1) return false;
    const key = value.slice(0, at).toLowerCase();
    if (key !== "apt::install-recommends" && key !== "install_weak_deps") return false;
    return ["0", "false", "no", "off"].includes(
      value
        .slice(at + 1)
        .replaceAll('"', "")
        .toLowerCase(),
    );
  });
  return isSet || isConfigured(command, run, "minimal");
}

/** Whether the RUN takes away all that the command installs. */
function isRemovedAgain(
  { family, packages, invocation }: PackageCommand,
  removals: readonly PackageCommand[],
  run: RunView,
): boolean {
  if (removals.length === 0) return false;
  const later = removals.filter((other) => other.family === family && other.invocation.index > invocation.index);
  if (later.length === 0) return false;
  if (run.commands.some(({ name, args }) => name === "apt-mark" && args[0]?.value === "auto")) return true;
  const gone = new Set(later.flatMap((other) => other.packages.map(written)));
  return packages.every((operand) => gone.has(written(operand)) || gone.has(operand.name ?? ""));
}

function written({ range }: PackageCommand["packages"][number]): string {
  return range.source.slice(range);
}

function finding(kind: Kind, command: PackageCommand): Finding {
  const minimal = command.manager === "aptitude" ? "--without-recommends" : OPTIONS[kind];
  const said = `${command.manager} ${command.verb}`;
  return {
    kind,
    range: command.verbRange,
    message: `\`${said}\` also installs recommended packages; add \`${minimal}\` and name what you need`,
    fix: withOption(command, minimal),
  };
}

/** Unsafe: something may need a package that nobody named. */
function withOption(command: PackageCommand, minimal: string): Fix | undefined {
  const edit = addOptions(command, minimal);
  return edit === undefined ? undefined : { description: `add \`${minimal}\``, safety: "unsafe", edits: [edit] };
}
