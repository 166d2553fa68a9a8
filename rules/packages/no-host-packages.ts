import { type HostPackageKind, hostPackageKind, needsHostPackage } from "../../src/data/host-packages.js";
import { defineRule, type Finding, option, type RuleContext } from "../../src/engine/rule.js";
import { baseName } from "../../src/files/path.js";
import type { RunView, StageView } from "../../src/project/model.js";
import { runTimeCommands } from "../../src/project/start-scripts.js";
import { HOLE } from "../../src/shell/model.js";
import type { PackageOperand } from "../../src/shell/package-model.js";
import { quoted } from "../../src/text/quoted.js";

const options = {
  categories: option.strings({ default: ["host", "remote"], description: "What is looked for: `host`, `remote`." }),
  allow: option.strings({ default: [], description: "Packages that may be installed." }),
  extra: option.strings({ default: [], description: "More packages that belong on the host." }),
};

export default defineRule({
  id: "packages/no-host-packages",
  summary: "Images hold no host software and no remote logins",
  levels: { recommended: "warning", strict: "error" },
  kinds: {
    host: {
      summary: "Software that only works on the machine below the containers",
      aliases: ["tally:gpu/no-container-runtime-in-image"],
    },
    remote: { summary: "A server for logins or files from elsewhere" },
  },
  roles: ["production"],
  fixable: "never",
  securitySeverity: 5.3,
  why: [
    "A container has no kernel, no boot loader and no devices of its own: drivers, runtimes and kernels do nothing in it but grow " +
      "the image and its list of vulnerabilities. The machine that runs the container brings them.",
    "A login server beside the application is a second way in, with its own keys and its own holes. `docker exec` and " +
      "`kubectl exec` need none.",
  ],
  references: [
    "CIS 4.3",
    "CIS 5.7",
    "https://docs.nvidia.com/datacenter/cloud-native/container-toolkit/latest/install-guide.html",
    "https://docs.docker.com/reference/cli/docker/container/exec/",
  ],
  options,
  check: { stage: checkStage },
  examples: {
    bad: [
      {
        name: "the runtime for graphics cards",
        kind: "host",
        message: "`nvidia-container-toolkit`",
        files: {
          Dockerfile: [
            "FROM nvidia/cuda:12.4.1-runtime-ubuntu22.04",
            "RUN apt-get update && apt-get install -y curl «nvidia-container-toolkit» «libnvidia-container1»",
          ],
        },
      },
      {
        name: "a kernel whose release is not known",
        kind: "host",
        files: { Dockerfile: ["FROM ubuntu:24.04", "RUN apt-get install -y «linux-headers-$(uname -r)» «dkms»"] },
      },
      {
        name: "a login server",
        kind: "remote",
        message: "`openssh-server`",
        files: {
          Dockerfile: ["FROM debian:12", "RUN apt-get update && apt-get install -y «openssh-server»", 'CMD ["nginx"]'],
        },
      },
      {
        name: "a package of the project's own list",
        kind: "host",
        options: { extra: ["falco"] },
        files: { Dockerfile: ["FROM debian:12", "RUN apt-get install -y «falco»"] },
      },
    ],
    good: [
      {
        name: "the base is enough",
        files: { Dockerfile: ["FROM nvidia/cuda:12.4.1-runtime-ubuntu22.04", "RUN apt-get install -y curl"] },
      },
      {
        name: "clients",
        files: {
          Dockerfile: [
            "FROM alpine:3.22",
            "RUN apk add --no-cache openssh-client docker-cli linux-headers docker-cli-buildx",
          ],
        },
      },
      {
        name: "a stage that only builds",
        files: {
          Dockerfile: [
            "FROM ubuntu:24.04 AS build",
            "RUN apt-get install -y linux-headers-generic",
            "FROM ubuntu:24.04",
            "COPY --from=build /out /out",
          ],
        },
      },
      {
        name: "removed in the same RUN",
        files: { Dockerfile: ["FROM debian:12", "RUN apt-get install -y dkms && apt-get purge -y dkms"] },
      },
      {
        name: "an image that is a login server",
        files: {
          Dockerfile: ["FROM debian:12", "RUN apt-get install -y openssh-server", 'CMD ["/usr/sbin/sshd", "-D"]'],
        },
      },
      {
        name: "Docker in Docker",
        files: {
          Dockerfile: ["FROM debian:12", "RUN apt-get install -y docker-ce docker-ce-cli", 'ENTRYPOINT ["dockerd"]'],
        },
      },
      {
        name: "a supervisor that may start it",
        files: { Dockerfile: ["FROM debian:12", "RUN apt-get install -y openssh-server", 'CMD ["supervisord", "-n"]'] },
      },
      {
        name: "allowed",
        options: { allow: ["openssh-server"] },
        files: { Dockerfile: ["FROM debian:12", "RUN apt-get install -y openssh-server"] },
      },
      {
        name: "a category that is not asked for",
        options: { categories: ["host"] },
        files: { Dockerfile: ["FROM debian:12", "RUN apt-get install -y xrdp"] },
      },
      {
        name: "a development image",
        files: { "Dockerfile.dev": ["FROM debian:12", "RUN apt-get install -y openssh-server"] },
      },
      {
        name: "a name of another manager",
        files: { Dockerfile: ["FROM node:22", "RUN npm install -g kernel && apt-get install -y $PACKAGES"] },
      },
    ],
  },
});

const SYSTEM: ReadonlySet<string> = new Set(["apt", "apk", "yum", "zypper", "pacman"]);

function* checkStage(stage: StageView, ctx: RuleContext<typeof options>): Iterable<Finding> {
  if (!stage.isShipped) return;
  // The start script is read once, however many packages there are.
  const purposes = new Map<HostPackageKind, boolean>();
  for (const run of stage.runs) {
    for (const { family, action, isDryRun, packages } of run.packages) {
      if (action !== "install" || isDryRun || !SYSTEM.has(family)) continue;
      for (const operand of packages) {
        const kind = kindOf(operand, ctx);
        if (kind === undefined || isRemoved(operand, run)) continue;
        const isMeant = purposes.get(kind) ?? isPurpose(kind, stage, ctx);
        purposes.set(kind, isMeant);
        if (!isMeant) yield findingOf(kind, operand);
      }
    }
  }
}

function kindOf({ name, shape, kind }: PackageOperand, { options: chosen }: RuleContext<typeof options>) {
  if (kind !== "name" && kind !== "unknown") return undefined;
  const known = name ?? shape;
  if (name !== undefined && chosen.allow.includes(name)) return undefined;
  const found = name !== undefined && chosen.extra.includes(name) ? "host" : hostPackageKind(known);
  return found !== undefined && chosen.categories.includes(found) ? found : undefined;
}

function isRemoved({ name }: PackageOperand, { packages }: RunView): boolean {
  return packages.some(
    (command) =>
      command.action === "remove" && command.packages.some((other) => other.name === undefined || other.name === name),
  );
}

/** Whether the image is made to run such a server. */
function isPurpose(kind: HostPackageKind, { build, image }: StageView, { project }: RuleContext): boolean {
  const { target } = build;
  if (kind === "host" && image?.name === "docker.io/library/docker") return true;
  if (target === undefined) return false;
  for (const { name, args } of runTimeCommands(target, project)) {
    if (name === undefined) continue;
    if (needsHostPackage(kind, name)) return true;
    // `tini -- sshd`, `service ssh start`.
    if (args.some(({ value }) => value !== undefined && (needsHostPackage(kind, baseName(value)) || value === "ssh")))
      return true;
  }
  return false;
}

function findingOf(kind: HostPackageKind, { name, shape, range }: PackageOperand): Finding {
  const written = quoted(name ?? shape.replaceAll(HOLE, "…"));
  const message =
    kind === "host"
      ? `${written} belongs on the host, not in the image; drop it`
      : `${written} lets people log in from outside; drop it, \`docker exec\` needs no server`;
  return { kind, range, message };
}
