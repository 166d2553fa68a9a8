import type { Service } from "../../src/compose/model.js";
import { capabilityName, DEFAULT_CAPABILITIES } from "../../src/data/capabilities.js";
import { defineRule, type Finding, type Fix, option, type RuleContext } from "../../src/engine/rule.js";
import type { Project } from "../../src/project/model.js";
import { addSettings, isJudgedForAbsence, isWritten, placeOfAbsence } from "../../src/project/service-settings.js";
import { isStore, kindOfService, serviceDropsPrivileges } from "../../src/project/service-view.js";

const options = {
  accept: option.strings({
    default: [],
    description: "Capabilities that satisfy the rule when all of them are dropped: `NET_RAW`, `MKNOD`.",
  }),
  pulled: option.choice({
    words: ["note", "judge"],
    default: "note",
    description: "Services that run an image of others: a note at most, or judged as one's own.",
  }),
};

export default defineRule({
  id: "runtime/drop-capabilities",
  summary: "Services start from no capabilities",
  levels: { recommended: ["warning", "info", "off"], checklist: ["warning", "off"], strict: ["warning", "info"] },
  roles: "all",
  fixable: "sometimes",
  aliases: [
    "kics:container-capabilities-unrestricted",
    "kics:ce76b7d0-9e77-464d-b86f-c5c48e03e22d",
    "compose-lint:CL-0006",
  ],
  why: [
    "Unless it is told otherwise, the engine gives a container 14 capabilities: to make device files, to forge packets, to " +
      "take over files of others. Most programs need none of them; an intruder can use each.",
    "`cap_drop: [ALL]` and a short `cap_add` also tell the reader what a service may do.",
  ],
  references: [
    "https://docs.docker.com/engine/containers/run/#runtime-privilege-and-linux-capabilities",
    "https://docs.docker.com/reference/compose-file/services/#cap_drop",
    "CIS 5.4",
    "CWE-250",
    "OWASP #3",
  ],
  securitySeverity: 5,
  options,
  presetOptions: { checklist: { pulled: "judge" }, strict: { pulled: "judge" } },
  check: { service: checkService },
  examples: {
    bad: [
      {
        name: "nothing is dropped",
        message: "`api` keeps Docker's 14 default capabilities",
        files: { "compose.yaml": ["services:", "  «api»:", "    image: acme/api:1.2.0", "    init: true"] },
      },
      {
        name: "a build, behind its line",
        files: { "compose.yaml": ["services:", "  «api»:", "    build: ."], Dockerfile: ["FROM alpine:3.20"] },
        fixed: { "compose.yaml": ["services:", "  api:", "    build: .", "    cap_drop: [ALL]"] },
      },
      {
        name: "only one is dropped",
        message: "`api` keeps 13 of Docker's 14 default capabilities",
        files: { "compose.yaml": ["services:", "  api: {image: 'acme/api:1.2.0', «cap_drop»: [NET_RAW]}"] },
      },
      {
        name: "databases need some of them back",
        message: "`ALL`",
        files: { "compose.yaml": ["services:", "  «db»:", "    image: postgres:16.4"] },
        fixed: {
          "compose.yaml": [
            "services:",
            "  db:",
            "    image: postgres:16.4",
            "    cap_drop: [ALL]",
            "    cap_add: [CHOWN, DAC_OVERRIDE, FOWNER, SETGID, SETUID]",
          ],
        },
      },
      {
        name: "web servers too",
        files: { "compose.yaml": ["services:", "  «web»:", "    image: nginx:1.27.4"] },
        fixed: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx:1.27.4",
            "    cap_drop: [ALL]",
            "    cap_add: [CHOWN, NET_BIND_SERVICE, SETGID, SETUID]",
          ],
        },
      },
      {
        name: "Caddy's program carries one itself",
        message: "`web` keeps Docker's 14 default capabilities; drop `ALL` and add back `NET_BIND_SERVICE`",
        files: { "compose.yaml": ["services:", "  «web»:", "    image: caddy:2.9.1"] },
        fixed: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: caddy:2.9.1",
            "    cap_drop: [ALL]",
            "    cap_add: [NET_BIND_SERVICE]",
          ],
        },
      },
      {
        name: "nobody knows what an image of others needs",
        message: "`media` keeps Docker's 14 default capabilities; drop `ALL`, and add back what its image needs",
        files: { "compose.yaml": ["services:", "  «media»:", "    image: acme/media:10.10"] },
      },
      {
        name: "images of others are a note",
        preset: "recommended",
        severity: "info",
        files: { "compose.prod.yaml": ["services:", "  «api»: {image: 'acme/api:1.2.0'}"] },
      },
      {
        name: "one's own are not, in production",
        preset: "recommended",
        severity: "warning",
        files: {
          Dockerfile: ["FROM alpine:3.20"],
          "compose.prod.yaml": ["services:", "  «api»: {build: .}"],
        },
      },
      {
        name: "an override drops nothing either",
        files: {
          "compose.yaml": ["services:", "  «api»: {image: 'acme/api:1.2.0'}"],
          "compose.override.yaml": ["services:", "  api: {environment: {LOG: debug}}"],
        },
      },
    ],
    good: [
      {
        name: "all, in any spelling",
        files: {
          "compose.yaml": [
            "services:",
            "  api: {image: 'acme/api:1.2.0', cap_drop: [ALL], cap_add: [NET_BIND_SERVICE]}",
            "  worker: {image: 'acme/api:1.2.0', cap_drop: [all]}",
            "  mail: {image: 'acme/api:1.2.0', cap_drop: [cap_all]}",
          ],
        },
      },
      {
        name: "an override drops them",
        files: {
          "compose.yaml": ["services:", "  api: {image: 'acme/api:1.2.0'}"],
          "compose.override.yaml": ["services:", "  api: {cap_drop: [ALL]}"],
        },
      },
      {
        name: "a shared block, and a service that is extended",
        files: {
          "compose.yaml": [
            "x-hard: &hard {cap_drop: [ALL]}",
            "services:",
            "  api: {<<: *hard, image: 'acme/api:1.2.0'}",
            "  worker: {extends: {service: api}}",
          ],
        },
      },
      {
        name: "a set that the policy accepts",
        options: { accept: ["NET_RAW", "MKNOD"] },
        files: { "compose.yaml": ["services:", "  api: {image: 'acme/api:1.2.0', cap_drop: [CAP_MKNOD, net_raw]}"] },
      },
      {
        name: "an entry that nobody knows",
        files: { "compose.yaml": ["services:", "  api: {image: 'acme/api:1.2.0', cap_drop: ['${DROPPED}']}"] },
      },
      {
        name: "privileged is another rule's, and an engine's client has what it wants anyway",
        files: {
          "compose.yaml": [
            "services:",
            "  api: {image: 'acme/api:1.2.0', privileged: true}",
            "  agent: {image: 'acme/agent:1.2.0', use_api_socket: true}",
          ],
        },
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
        name: "what cannot be read may drop them; Windows has none; a provider runs no container",
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

type Context = RuleContext<typeof options>;

function* checkService(service: Service, { options: { accept, pulled }, project }: Context): Iterable<Finding> {
  if (!isJudgedForAbsence(service) || isWritten(service, "privileged") || isWritten(service, "use_api_socket")) return;
  const dropped = new Set<string>();
  for (const { value } of service.capDrop) {
    if (value === undefined) return;
    dropped.add(capabilityName(value));
  }
  if (dropped.has("ALL") || (accept.length > 0 && accept.every((name) => dropped.has(capabilityName(name))))) return;
  if (service.isWindows || service.isDevTool || kindOfService(service, project) === "dev-tool") return;
  const image = project.imageOf(service);
  if (image.kind === "stage" && image.stage.isWindows) return;
  const kept = [...DEFAULT_CAPABILITIES].filter((name) => !dropped.has(name)).length;
  const what = kept === 14 ? "Docker's 14 default capabilities" : `${kept} of Docker's 14 default capabilities`;
  const back = givenBack(service, project);
  const fix = back === undefined ? undefined : dropAll(service, back);
  yield {
    ...placeOfAbsence(service, "cap_drop"),
    message: `\`${service.name}\` keeps ${what}; ${remedyOf(back)}`,
    fix,
    atMost: service.build === undefined && image.kind !== "stage" && pulled === "note" ? "info" : undefined,
  };
}

function remedyOf(back: readonly string[] | undefined): string {
  if (back === undefined) return "drop `ALL`, and add back what its image needs";
  return back.length === 0 ? "drop `ALL`" : `drop \`ALL\` and add back \`${back.join("`, `")}\``;
}

/**
 * What the stock entrypoint of a known image needs to hand its files to a user, and to become that user.
 *
 * @returns undefined for a pulled image of which nothing is known: many of them change their user on the way
 */
function givenBack(service: Service, project: Project): readonly string[] | undefined {
  const image = project.imageOf(service);
  const facts = image.kind === "stage" ? image.stage.facts : image.kind === "pulled" ? image.facts : undefined;
  // The program itself carries the capability, and is not started without it, whoever starts it.
  if (facts?.repository === "docker.io/library/caddy") return ["NET_BIND_SERVICE"];
  if (isWritten(service, "user")) return [];
  if (facts === undefined && service.build === undefined) return undefined;
  if (facts?.repository === "docker.io/library/nginx" && kindOfService(service, project) !== undefined) {
    return ["CHOWN", "NET_BIND_SERVICE", "SETGID", "SETUID"];
  }
  if (facts?.repository === "docker.io/library/httpd") return ["NET_BIND_SERVICE", "SETGID", "SETUID"];
  if (
    !isStore(service, project) ||
    facts?.dropsPrivileges !== true ||
    serviceDropsPrivileges(service, project) !== "yes"
  )
    return [];
  return ["CHOWN", "DAC_OVERRIDE", "FOWNER", "SETGID", "SETUID"];
}

/** Unsafe: what the program needs has to be given back by name. */
function dropAll(service: Service, back: readonly string[]): Fix | undefined {
  if (isWritten(service, "cap_drop") || service.removalOf("cap_drop") !== undefined) return undefined;
  const adds = back.length > 0 && !isWritten(service, "cap_add") ? [`cap_add: [${back.join(", ")}]`] : [];
  const edit = addSettings(service, ["cap_drop: [ALL]", ...adds]);
  return edit === undefined ? undefined : { description: "drop all capabilities", safety: "unsafe", edits: [edit] };
}
