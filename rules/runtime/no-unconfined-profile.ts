import type { SecurityOption, Service } from "../../src/compose/model.js";
import { defineRule, type Finding } from "../../src/engine/rule.js";
import { keyRemoval } from "../../src/project/service-settings.js";
import { itemRemoval } from "../../src/project/yaml-removal.js";

export default defineRule({
  id: "runtime/no-unconfined-profile",
  summary: "Kernel confinement stays on",
  levels: { recommended: ["error", "warning"], checklist: ["error", "warning"], strict: "error" },
  kinds: {
    seccomp: {
      summary: "all system calls are open",
      aliases: [
        "kics:default-seccomp-profile-disabled",
        "kics:404fde2c-bc4b-4371-9747-7054132ac953",
        "semgrep:seccomp-confinement-disabled",
        "compose-lint:CL-0009",
      ],
    },
    systempaths: { summary: "paths of `/proc` and `/sys` that the engine hides are open" },
    apparmor: {
      summary: "AppArmor is switched off",
      levels: { recommended: ["warning", "info"], checklist: ["warning", "info"], strict: "warning" },
    },
    selinux: {
      summary: "SELinux does not keep the container apart",
      levels: { recommended: ["warning", "info"], checklist: ["warning", "info"], strict: "warning" },
      aliases: ["semgrep:selinux-separation-disabled"],
    },
  },
  roles: "all",
  fixable: "sometimes",
  why: [
    "The default profiles close some fifty system calls and the dangerous files of `/proc`, which no usual program needs and " +
      "which most escapes from containers went through.",
    "A program that needs one more call gets it by a profile of its own: `seccomp:./seccomp.json`.",
  ],
  references: [
    "https://docs.docker.com/engine/security/seccomp/",
    "https://docs.docker.com/engine/security/apparmor/",
    "https://docs.docker.com/reference/compose-file/services/#security_opt",
    "CIS 5.2",
    "CIS 5.3",
    "CIS 5.22",
    "CWE-284",
    "OWASP #6",
  ],
  securitySeverity: 7.5,
  mentions: { compose: ["unconfined", "label"] },
  check: { service: checkService },
  examples: {
    bad: [
      {
        name: "system calls",
        kind: "seccomp",
        message: "`seccomp:unconfined` opens every system call to `browser`",
        files: {
          "compose.yaml": [
            "services:",
            "  browser:",
            "    image: acme/browser:2",
            "    security_opt:",
            "      - no-new-privileges:true",
            "      - «seccomp:unconfined»",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  browser:",
            "    image: acme/browser:2",
            "    security_opt:",
            "      - no-new-privileges:true",
          ],
        },
      },
      {
        name: "with an equals sign, as the only one",
        kind: "seccomp",
        files: {
          "compose.yaml": [
            "services:",
            "  browser:",
            "    image: acme/browser:2",
            "    security_opt:",
            "      - «seccomp=unconfined»",
            "    init: true",
          ],
        },
        fixed: { "compose.yaml": ["services:", "  browser:", "    image: acme/browser:2", "    init: true"] },
      },
      {
        name: "hidden paths",
        kind: "systempaths",
        files: {
          "compose.yaml": [
            "services:",
            "  builder:",
            "    image: acme/builder:2",
            "    security_opt: [no-new-privileges:true, «systempaths=unconfined»]",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  builder:",
            "    image: acme/builder:2",
            "    security_opt: [no-new-privileges:true]",
          ],
        },
      },
      {
        name: "AppArmor, in a file that is extended",
        kind: "apparmor",
        files: {
          "base.yaml": ["services:", "  base: {image: 'acme/builder:2', security_opt: [«apparmor:unconfined»]}"],
          "compose.yaml": ["services:", "  builder: {extends: {file: base.yaml, service: base}}"],
        },
        fixed: {
          "base.yaml": ["services:", "  base: {image: 'acme/builder:2', security_opt: []}"],
        },
      },
      {
        name: "an override opens it, by its only line",
        kind: "seccomp",
        files: {
          "compose.yaml": ["services:", "  app: {image: 'acme/app:2'}"],
          "compose.override.yaml": ["services:", "  app:", "    security_opt:", "      - «seccomp:unconfined»"],
        },
      },
      {
        name: "SELinux",
        kind: "selinux",
        message: "`label:disable`",
        files: {
          "compose.yaml": [
            "services:",
            "  agent: {image: 'acme/agent:2', security_opt: ['no-new-privileges:true', «label:disable»]}",
            "  backup: {image: 'acme/backup:2', security_opt: [«'label=type:spc_t'», 'no-new-privileges:true']}",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  agent: {image: 'acme/agent:2', security_opt: ['no-new-privileges:true']}",
            "  backup: {image: 'acme/backup:2', security_opt: ['no-new-privileges:true']}",
          ],
        },
      },
      {
        name: "a variable that is open by default",
        kind: "seccomp",
        files: {
          "compose.yaml": [
            "services:",
            "  app: {image: 'acme/app:2', security_opt: [«'seccomp:${SECCOMP:-unconfined}'», 'no-new-privileges:true']}",
          ],
        },
        fixed: {
          "compose.yaml": ["services:", "  app: {image: 'acme/app:2', security_opt: ['no-new-privileges:true']}"],
        },
      },
    ],
    good: [
      {
        name: "profiles of one's own",
        files: {
          "compose.yaml": [
            "services:",
            "  app: {image: 'acme/app:2', security_opt: ['seccomp:./seccomp.json', 'apparmor:my-profile']}",
          ],
          "seccomp.json": ["{}"],
        },
      },
      {
        name: "other labels",
        files: {
          "compose.yaml": [
            "services:",
            "  app: {image: 'acme/app:2', security_opt: ['label:type:container_t', 'label:level:s0:c100'], labels: [a=b]}",
          ],
        },
      },
      {
        name: "privileged is another rule's",
        files: {
          "compose.yaml": [
            "services:",
            "  app: {image: 'acme/app:2', privileged: true, security_opt: ['seccomp:unconfined']}",
          ],
        },
      },
      {
        name: "a value that nobody knows",
        files: {
          "compose.yaml": [
            "services:",
            "  app: {image: 'acme/app:2', security_opt: ['seccomp:${SECCOMP}', '${OPTION}']}",
          ],
        },
      },
    ],
  },
});

function* checkService(service: Service): Iterable<Finding> {
  if (!service.node.entries.has("security_opt") || service.hasProvider || service.isWindows) return;
  for (const option of service.securityOptions) {
    const kind = kindOf(option);
    if (kind === undefined || service.booleanAt("privileged")?.value === true) continue;
    const { range, text } = option.entry;
    const list = service.at("security_opt");
    const isOnly = list?.kind === "sequence" && list.items.length === 1;
    const edit = (isOnly ? keyRemoval(service, "security_opt") : undefined) ?? itemRemoval(list, range);
    yield {
      kind,
      range,
      message: `\`${text}\` ${EFFECTS[kind](service.name)}`,
      // Unsafe: the program may need what it opens.
      fix: edit === undefined ? undefined : { description: "drop the option", safety: "unsafe", edits: [edit] },
    };
  }
}

type Kind = "seccomp" | "systempaths" | "apparmor" | "selinux";

const EFFECTS = {
  seccomp: (name) => `opens every system call to \`${name}\`; drop it, or give a profile with the calls that it needs`,
  systempaths: (name) => `opens what the engine hides of \`/proc\` and \`/sys\` to \`${name}\`; drop it`,
  apparmor: (name) => `switches AppArmor off for \`${name}\`; drop it, or name a profile`,
  selinux: (name) => `takes \`${name}\` out of SELinux's separation; label its mounts with \`:z\` or \`:Z\` instead`,
} as const satisfies Record<Kind, (name: string) => string>;

function kindOf({ name, value, entry }: SecurityOption): Kind | undefined {
  if (entry.value === undefined) return undefined;
  switch (name) {
    case "seccomp":
    case "apparmor":
    case "systempaths":
      return value === "unconfined" ? name : undefined;
    case "label":
      return value === "disable" || value === "type:spc_t" ? "selinux" : undefined;
    default:
      return undefined;
  }
}
