import type { SecurityOption, Service } from "../../src/compose/model.js";
import { defineRule, type Finding, type Fix } from "../../src/engine/rule.js";
import type { Project } from "../../src/project/model.js";
import { addSettings, isJudgedForAbsence, isWritten, placeOfAbsence } from "../../src/project/service-settings.js";
import { kindOfService, startedBy } from "../../src/project/service-view.js";
import { isForSwarm } from "../../src/project/swarm.js";
import { itemInsertion } from "../../src/project/yaml-insertion.js";

const OPTION = "no-new-privileges";

export default defineRule({
  id: "runtime/set-no-new-privileges",
  summary: "Processes cannot gain privileges",
  levels: { recommended: ["warning", "info", "off"], checklist: ["warning", "off"], strict: ["warning", "info"] },
  kinds: {
    missing: {
      summary: "nothing says that processes keep the rights they start with",
      aliases: [
        "kics:no-new-privileges-not-set",
        "kics:27fcc7d6-c49b-46e0-98f1-6c082a6a2750",
        "kics:security-opt-not-set",
        "kics:610e266e-6c12-4bca-9925-1ed0cd29742b",
        "semgrep:no-new-privileges",
        "compose-lint:CL-0003",
      ],
    },
    lifted: {
      summary: "`no-new-privileges` is switched off",
      levels: { recommended: ["warning", "info"], checklist: ["warning", "info"], strict: "warning" },
      aliases: [
        "kics:no-new-privileges-not-set",
        "kics:27fcc7d6-c49b-46e0-98f1-6c082a6a2750",
        "kics:security-opt-not-set",
        "kics:610e266e-6c12-4bca-9925-1ed0cd29742b",
        "semgrep:no-new-privileges",
        "compose-lint:CL-0003",
      ],
    },
  },
  roles: "all",
  fixable: "sometimes",
  why: [
    "A program with the setuid bit runs as its owner, whoever starts it: one flaw in `mount` or `su`, and an intruder who " +
      "came in as `app` is root in the container. With `no-new-privileges` the bit counts for nothing.",
    "Entrypoints that give root up (gosu, su-exec, setpriv) go on working. What breaks, without a message, is `sudo`, setuid " +
      "helpers such as `ping`, and programs with capabilities in their file.",
  ],
  references: [
    "https://docs.kernel.org/userspace-api/no_new_privs.html",
    "https://docs.docker.com/reference/compose-file/services/#security_opt",
    "CIS 5.26",
    "CWE-732",
    "OWASP #4",
  ],
  securitySeverity: 5,
  check: { service: checkService },
  examples: {
    bad: [
      {
        name: "no option at all",
        kind: "missing",
        message: "`api` may gain privileges through setuid binaries",
        files: { "compose.yaml": ["services:", "  «api»:", "    image: acme/api:1.2.0", "    init: true"] },
        fixed: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: acme/api:1.2.0",
            '    security_opt: ["no-new-privileges:true"]',
            "    init: true",
          ],
        },
      },
      {
        name: "another option alone",
        kind: "missing",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: acme/api:1.2.0",
            "    «security_opt»:",
            "      - seccomp:./seccomp.json",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: acme/api:1.2.0",
            "    security_opt:",
            "      - seccomp:./seccomp.json",
            "      - no-new-privileges:true",
          ],
        },
      },
      {
        name: "in a row",
        kind: "missing",
        files: {
          "compose.yaml": [
            "services:",
            "  api: {image: 'acme/api:1.2.0', «security_opt»: ['apparmor:docker-default']}",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  api: {image: 'acme/api:1.2.0', security_opt: ['apparmor:docker-default', \"no-new-privileges:true\"]}",
          ],
        },
      },
      {
        name: "switched off",
        kind: "lifted",
        message: "`no-new-privileges:false`",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: acme/api:1.2.0",
            "    security_opt:",
            "      - «no-new-privileges:false»",
            "  worker: {image: 'acme/api:1.2.0', security_opt: [«no-new-privileges=false»]}",
          ],
        },
      },
      {
        name: "an override switches it off again",
        kind: "lifted",
        files: {
          "compose.yaml": ["services:", "  api: {image: 'acme/api:1.2.0', security_opt: ['no-new-privileges:true']}"],
          "compose.override.yaml": ["services:", "  api: {security_opt: [«'no-new-privileges:false'»]}"],
        },
      },
      {
        name: "an image whose command needs `sudo`",
        kind: "missing",
        message: "`sudo`",
        severity: "info",
        files: {
          Dockerfile: ["FROM debian:12-slim", "RUN apt-get update && apt-get install -y sudo", "CMD sudo -u app /api"],
          "compose.yaml": ["services:", "  «api»: {build: .}"],
        },
      },
      {
        name: "an assumed production, and a stated one",
        kind: "missing",
        preset: "recommended",
        severity: "warning",
        files: { "compose.prod.yaml": ["services:", "  «api»: {image: 'acme/api:1.2.0'}"] },
      },
      {
        name: "a plain file",
        kind: "missing",
        preset: "recommended",
        severity: "info",
        files: { "compose.yaml": ["services:", "  «api»: {image: 'acme/api:1.2.0'}"] },
      },
    ],
    good: [
      {
        name: "a Swarm, which passes over the key",
        files: { "docker-stack.yml": ["services:", "  api: { image: 'api:1.2.0' }"] },
      },
      {
        name: "in each spelling",
        files: {
          "compose.yaml": [
            "services:",
            "  api: {image: 'acme/api:1.2.0', security_opt: ['no-new-privileges:true']}",
            "  worker: {image: 'acme/api:1.2.0', security_opt: ['no-new-privileges=true', 'seccomp:./s.json']}",
            "  mail: {image: 'acme/api:1.2.0', security_opt: [no-new-privileges]}",
          ],
        },
      },
      {
        name: "an override, a shared block, a service that is extended",
        files: {
          "compose.yaml": [
            "x-hard: &hard {security_opt: ['no-new-privileges:true']}",
            "services:",
            "  api: {image: 'acme/api:1.2.0'}",
            "  worker: {<<: *hard, image: 'acme/api:1.2.0'}",
            "  mail: {extends: {service: worker}}",
          ],
          "compose.override.yaml": ["services:", "  api: {security_opt: ['no-new-privileges:true']}"],
        },
      },
      {
        name: "an entry that nobody knows",
        files: {
          "compose.yaml": [
            "services:",
            "  api: {image: 'acme/api:1.2.0', security_opt: ['${OPTION}']}",
            "  worker: {image: 'acme/api:1.2.0', security_opt: ['no-new-privileges:${HARD}']}",
          ],
        },
      },
      {
        name: "privileged is another rule's",
        files: { "compose.yaml": ["services:", "  api: {image: 'acme/api:1.2.0', privileged: true}"] },
      },
      {
        name: "tools of development",
        files: {
          "compose.yaml": [
            "services:",
            "  admin: {image: 'adminer:4.8.1'}",
            "  db: {image: 'postgres:16.4', profiles: [dev]}",
          ],
        },
      },
      {
        name: "what cannot be read may set it; Windows has none; a provider runs no container",
        files: {
          "compose.yaml": [
            "services:",
            "  api: {image: 'acme/api:1.2.0', extends: {file: missing.yaml, service: api}}",
            "  iis: {image: 'mcr.microsoft.com/windows/servercore/iis', platform: windows/amd64}",
            "  cloud: {provider: {type: awesomecloud}}",
          ],
        },
      },
    ],
  },
});

function* checkService(service: Service, { project }: { readonly project: Project }): Iterable<Finding> {
  const options = isWritten(service, "security_opt") ? service.securityOptions : [];
  // The engine takes the last one.
  const own = options.findLast(({ name }) => name === OPTION);
  if (own?.value === "false") {
    if (service.hasProvider) return;
    const { range, text } = own.entry;
    const message = `\`${text}\` lets processes of \`${service.name}\` gain privileges; say \`true\``;
    yield { kind: "lifted", range, message };
    return;
  }
  if (own !== undefined || options.some(isUnknown)) return;
  if (!isJudgedForAbsence(service) || isWritten(service, "privileged") || service.isWindows) return;
  // `docker stack deploy` passes over `security_opt`.
  if (isForSwarm(service)) return;
  if (service.isDevTool || kindOfService(service, project) === "dev-tool") return;
  const image = project.imageOf(service);
  if (image.kind === "stage" && image.stage.isWindows) return;
  const place = placeOfAbsence(service, "security_opt");
  const sudo = startedBy(service, project)?.find(usesSudo);
  if (sudo !== undefined) {
    const message = `\`${service.name}\` gains privileges by \`sudo\`; start it as its user, then set \`${OPTION}:true\``;
    const related = [...place.related, { range: sudo.range, message: "`sudo` is needed here" }];
    yield { kind: "missing", range: place.range, related, message, atMost: "info" };
    return;
  }
  const message = `\`${service.name}\` may gain privileges through setuid binaries; set \`${OPTION}:true\``;
  yield { kind: "missing", ...place, message, fix: setOption(service) };
}

function isUnknown({ entry }: SecurityOption): boolean {
  return entry.value === undefined;
}

function usesSudo({
  name,
  wrappers,
}: {
  readonly name?: string | undefined;
  readonly wrappers: readonly { readonly name: string }[];
}): boolean {
  return name === "sudo" || wrappers.some((wrapper) => wrapper.name === "sudo");
}

/** Unsafe: a program that needs the setuid bit stops working. */
function setOption(service: Service): Fix | undefined {
  if (service.removalOf("security_opt") !== undefined) return undefined;
  const edit = isWritten(service, "security_opt")
    ? itemInsertion(service.at("security_opt"), [`${OPTION}:true`])
    : addSettings(service, [`security_opt: ["${OPTION}:true"]`]);
  return edit === undefined ? undefined : { description: `set \`${OPTION}:true\``, safety: "unsafe", edits: [edit] };
}
