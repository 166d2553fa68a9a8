import type { Service } from "../../src/compose/model.js";
import { defineRule, type Finding } from "../../src/engine/rule.js";

export default defineRule({
  id: "compose/enable-dependencies",
  summary: "What a service needs is enabled with it",
  levels: { recommended: "error", strict: "error" },
  roles: "all",
  fixable: "never",
  why: [
    "A service with profiles exists only while one of them is on. Whoever needs it without sharing a profile depends on a " +
      "service that is not there, and Compose refuses to start the project: `depends on undefined service`.",
  ],
  references: [
    "https://docs.docker.com/compose/how-tos/profiles/#auto-starting-profiles-and-dependency-resolution",
    "https://docs.docker.com/reference/compose-file/profiles/",
  ],
  mentions: { compose: ["profiles"] },
  check: { service: checkService },
  examples: {
    bad: [
      {
        name: "a service of a profile",
        message: "`web` needs `mail`, which only profile `debug` starts; share it, or set `required: false`",
        files: {
          "compose.yaml": [
            "services:",
            "  web: {image: 'nginx:1.27.4', depends_on: [«mail»]}",
            "  mail: {image: 'axllent/mailpit:v1.24', profiles: [debug]}",
          ],
        },
      },
      {
        name: "of other profiles, in all ways to need something",
        message: "which only profiles `debug`, `test` start",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx:1.27.4",
            "    profiles: [front]",
            "    depends_on:",
            "      «mail»: {condition: service_started}",
            "    network_mode: service:«vpn»",
            "    volumes_from: ['«files»:ro']",
            "  mail: {image: 'axllent/mailpit:v1.24', profiles: [debug, test]}",
            "  vpn: {image: 'qmcgaw/gluetun:v3.40.0', profiles: [vpn]}",
            "  files: {image: 'busybox:1.37.0', profiles: [files]}",
          ],
        },
      },
      {
        name: "taken into a profile by an override",
        files: {
          "compose.yaml": [
            "services:",
            "  web: {image: 'nginx:1.27.4', depends_on: [«mail»]}",
            "  mail: {image: 'axllent/mailpit:v1.24'}",
          ],
          "compose.override.yaml": ["services: {mail: {profiles: [debug]}}"],
        },
      },
    ],
    good: [
      {
        name: "not required",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx:1.27.4",
            "    depends_on: {mail: {condition: service_started, required: false}}",
            "  mail: {image: 'axllent/mailpit:v1.24', profiles: [debug]}",
          ],
        },
      },
      {
        name: "a profile that both share, or a service without one",
        files: {
          "compose.yaml": [
            "services:",
            "  ui: {image: 'acme/ui:1.4.0', profiles: [debug, test], depends_on: [mail, db]}",
            "  mail: {image: 'axllent/mailpit:v1.24', profiles: [debug]}",
            "  db: {image: 'postgres:17.4'}",
          ],
        },
      },
      {
        name: "profiles that are always on",
        policy: { compose: { profiles: ["debug"] } },
        files: {
          "compose.yaml": [
            "services:",
            "  web: {image: 'nginx:1.27.4', depends_on: [mail]}",
            "  mail: {image: 'axllent/mailpit:v1.24', profiles: [debug]}",
          ],
        },
      },
      {
        name: "switched on beside the file",
        files: {
          ".env": ["COMPOSE_PROFILES=debug,test"],
          "compose.yaml": [
            "services:",
            "  web: {image: 'nginx:1.27.4', depends_on: [mail]}",
            "  mail: {image: 'axllent/mailpit:v1.24', profiles: [debug]}",
          ],
        },
      },
      {
        name: "what is extended need not run, and a profile that nobody can know",
        files: {
          "compose.yaml": [
            "services:",
            "  base: {image: 'acme/api:1.4.0', profiles: [template]}",
            "  api: {extends: base, profiles: !override [], depends_on: [mail]}",
            "  mail: {image: 'axllent/mailpit:v1.24', profiles: ['${MAIL_PROFILE}']}",
          ],
        },
      },
    ],
  },
});

function* checkService({ name, needs, profiles, variant }: Service): Iterable<Finding> {
  if (needs.length === 0) return;
  const own = profiles.map(({ value }) => value);
  if (own.includes(undefined)) return;
  const seen = new Set<string>();
  for (const { service, key, range, isRequired } of needs) {
    const other = isRequired && !seen.has(service) ? variant.services.get(service) : undefined;
    if (other === undefined || other.profiles.length === 0) continue;
    const theirs = other.profiles.map(({ value }) => value);
    if (theirs.includes(undefined) || theirs.some((profile) => own.includes(profile))) continue;
    if (variant.activeServices().includes(other)) continue;
    seen.add(service);
    const names = theirs
      .slice(0, 3)
      .map((profile) => `\`${profile}\``)
      .join(", ");
    const who = theirs.length === 1 ? `only profile ${names} starts` : `only profiles ${names} start`;
    const remedy = key === "depends_on" ? "share it, or set `required: false`" : "share a profile";
    yield {
      range,
      message: `\`${name}\` needs \`${service}\`, which ${who}; ${remedy}`,
      related: [{ range: other.keyRange, message: "the service" }],
    };
  }
}
