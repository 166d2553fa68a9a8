import type { Service } from "../../src/compose/model.js";
import type { Value } from "../../src/compose/node-model.js";
import { defineRule, type Finding, option, type RuleContext } from "../../src/engine/rule.js";
import type { Project, RunningImage } from "../../src/project/model.js";
import { ownerOf } from "../../src/project/path-owners.js";
import { type ServiceUser, userOfService } from "../../src/project/service-view.js";
import { isBrought } from "../../src/project/yaml-removal.js";
import { GID_OPTION, UID_OPTION } from "../../src/values/user-options.js";
import { parseUserSpec } from "../../src/values/user-spec.js";

const options = { uid: option.custom(UID_OPTION), gid: option.custom(GID_OPTION) };

export default defineRule({
  id: "user/match-image-user",
  summary: "Services run as the user the image was built for",
  levels: { recommended: "warning", strict: "error" },
  kinds: {
    mismatch: {
      summary: "`user` has another UID than the USER of the image, or than the owner of the volumes' folders",
    },
    "unknown-name": {
      summary: "`user` or `group_add` names an account that the image does not have",
      levels: { recommended: "error" },
    },
    "no-gid": {
      summary: "A bare UID that the image has no account for runs with group 0",
      levels: { recommended: "info", strict: "info" },
    },
  },
  roles: ["production"],
  fixable: "sometimes",
  why: [
    "An image gives its folders to the user that it was built for. Run as another one, the process can read its files but not " +
      "write its data, and fails on the first upload, cache or log line.",
    "Names are looked up in the image: one that is not there keeps the container from starting.",
  ],
  references: ["https://docs.docker.com/reference/compose-file/services/#user", "CIS 4.1", "OWASP #2", "CWE-250"],
  securitySeverity: 4,
  options,
  mentions: { compose: ["user", "group_add"] },
  check: { service: checkService },
  examples: {
    bad: [
      {
        name: "another number than the image's",
        kind: "mismatch",
        message: "`USER 1001`",
        files: {
          Dockerfile: ["FROM debian:12-slim", "RUN install -d -o 1001 /app/data", "USER 1001"],
          "compose.yaml": ["services:", "  api:", "    build: .", '    user: «"1000:1000"»'],
        },
        fixed: { "compose.yaml": ["services:", "  api:", "    build: .", '    user: "1001:1001"'] },
      },
      {
        name: "a name of the image that has a number",
        kind: "mismatch",
        files: {
          Dockerfile: ["FROM node:22-slim", "USER node"],
          "compose.yaml": ["services:", "  api: {build: ., user: «'1001'»}"],
        },
        fixed: { "compose.yaml": ["services:", '  api: {build: ., user: "1000"}'] },
      },
      {
        name: "a default outside of the policy",
        kind: "mismatch",
        files: {
          Dockerfile: ["FROM debian:12-slim", "USER 1000"],
          "compose.yaml": ["services:", "  api: {build: ., user: «'${UID:-1500}:${GID:-1500}'»}"],
        },
      },
      {
        name: "a volume over a folder of another owner",
        kind: "mismatch",
        message: "`/data`",
        files: {
          Dockerfile: ["FROM debian:12-slim", "RUN mkdir /data && chown 1001:1001 /data", "CMD api"],
          "compose.yaml": [
            "services:",
            "  api:",
            "    build: .",
            '    user: «"1000:1000"»',
            "    volumes: [files:/data]",
            "volumes: {files: }",
          ],
        },
      },
      {
        name: "a name that the built image does not have",
        kind: "unknown-name",
        files: {
          Dockerfile: ["FROM debian:12-slim", "RUN useradd --uid 1000 api", "USER 1000"],
          "compose.yaml": [
            "services:",
            "  api:",
            "    build: .",
            "    user: «app»",
            "    group_add: [«spool», www-data]",
          ],
        },
      },
      {
        name: "a name that a pulled image does not have",
        kind: "unknown-name",
        files: { "compose.yaml": ["services:", "  web: {image: 'node:22-slim', user: «app»}"] },
      },
      {
        name: "a bare number without account",
        kind: "no-gid",
        message: "group 0",
        files: {
          Dockerfile: ["FROM debian:12-slim", "CMD /api"],
          "compose.yaml": ["services:", "  api:", "    build: .", '    user: «"1000"»'],
        },
      },
    ],
    good: [
      {
        name: "the image's number",
        files: {
          Dockerfile: ["FROM debian:12-slim", "USER 1001"],
          "compose.yaml": ["services:", '  api: {build: ., user: "1001:1001"}'],
        },
      },
      {
        name: "a default that the policy allows",
        files: {
          Dockerfile: ["FROM debian:12-slim", "USER 1001"],
          "compose.yaml": ["services:", "  api: {build: ., user: '${UID:-1000}:${GID:-1000}'}"],
        },
      },
      {
        name: "no user, an unknown one, and root",
        files: {
          Dockerfile: ["FROM debian:12-slim", "USER 1001"],
          "compose.yaml": [
            "services:",
            "  api: {build: .}",
            "  worker: {build: ., user: '${UID}:${GID}'}",
            "  setup: {build: ., user: root}",
          ],
        },
      },
      {
        name: "folders of the same owner, of root, for a group, or from the host",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN mkdir /data /site /shared && chown 1000 /data && chown 1001 /site && chown 1001:1000 /shared",
          ],
          "compose.yaml": [
            "services:",
            "  api:",
            "    build: .",
            '    user: "1000:1000"',
            "    volumes: ['files:/data', 'logs:/var/log/api', './site:/site', 'shared:/shared', 'files:/site/x:ro']",
            "volumes: {files: , logs: , shared: }",
          ],
        },
      },
      {
        name: "an image without USER is another rule's",
        files: {
          Dockerfile: ["FROM debian:12-slim"],
          "compose.yaml": ["services:", '  api: {build: ., user: "1000:1000"}'],
        },
      },
      {
        name: "names that exist, or that nobody can know",
        files: {
          Dockerfile: ["FROM node:22-slim", "USER node"],
          "compose.yaml": [
            "services:",
            "  api: {build: ., user: node, group_add: [www-data, '4711']}",
            "  web: {image: 'node:22-slim', user: 'node:node'}",
            "  other: {image: 'registry.example.com/shop:1.4', user: shop}",
          ],
        },
      },
      {
        name: "a bare number with an account",
        files: { "compose.yaml": ["services:", "  web: {image: 'node:22-slim', user: '1000'}"] },
      },
      {
        name: "a namespace of its own",
        files: {
          Dockerfile: ["FROM debian:12-slim", "USER 1001"],
          "compose.yaml": ["services:", "  api: {build: ., user: '1000:1000', userns_mode: keep-id}"],
        },
      },
      {
        name: "development",
        files: {
          Dockerfile: ["FROM debian:12-slim", "USER 1001"],
          "compose.dev.yaml": ["services:", "  api: {build: ., user: '1000:1000'}"],
        },
      },
    ],
  },
});

function* checkService(service: Service, ctx: RuleContext<typeof options>): Iterable<Finding> {
  if (service.isWindows || service.hasProvider || service.valueAt("userns_mode") !== undefined) return;
  const image = ctx.project.imageOf(service);
  const table = accountsOf(image);
  const user = userOfService(service, ctx.project);
  if (table !== undefined) yield* checkGroups(service, table);
  const { written } = user;
  if (written?.value === undefined || user.isRoot === "yes") return;
  if (table !== undefined) yield* checkNames(written, table);
  const mismatch = mismatchOf(service, user, ctx) ?? ownerMismatch(service, user, ctx.project);
  if (mismatch !== undefined) yield mismatch;
  else if (table !== undefined) yield* checkGroupOfNumber(user, written, table);
}

/** Names and numbers of an image that are all there are. */
interface Accounts {
  readonly image: string;
  readonly users: ReadonlySet<string>;
  readonly groups: ReadonlySet<string>;
  /** Undefined when the system chose some number. */
  readonly uids: ReadonlySet<number> | undefined;
  /** Known of a table, not written in a Dockerfile here. */
  readonly isPulled: boolean;
}

function accountsOf(image: RunningImage): Accounts | undefined {
  if (image.kind === "stage") {
    const { accounts, isComplete } = image.stage.accounts;
    if (!isComplete) return undefined;
    const users = accounts.filter(({ kind }) => kind === "user");
    const uids = users.flatMap(({ id }) => (id === undefined ? [] : [id]));
    return {
      image: `\`${image.stage.build.dockerfile.source.root.path}\``,
      users: new Set(users.map(({ name }) => name)),
      groups: new Set(accounts.filter(({ kind }) => kind === "group").map(({ name }) => name)),
      uids: uids.length === users.length ? new Set(uids) : undefined,
      isPulled: false,
    };
  }
  if (image.kind === "unknown" || image.facts?.hasAllAccounts !== true) return undefined;
  const { accounts, groups } = image.facts;
  return {
    image: `\`${image.reference.written}\``,
    users: new Set(accounts.map(({ name }) => name)),
    groups: new Set(groups.map(({ name }) => name)),
    uids: new Set(accounts.map(({ uid }) => uid)),
    isPulled: true,
  };
}

function* checkNames(written: Value<string>, table: Accounts): Iterable<Finding> {
  const spec = parseUserSpec(written.value ?? "");
  if (spec.kind !== "user") return;
  const { user, group } = spec;
  if (user.id === undefined && !table.users.has(user.text)) yield unknownName("user", user.text, written, table);
  else if (group !== undefined && group.id === undefined && !table.groups.has(group.text)) {
    yield unknownName("group", group.text, written, table);
  }
}

function* checkGroups(service: Service, table: Accounts): Iterable<Finding> {
  for (const group of service.listAt("group_add")) {
    if (group.value === undefined || /^\d+$/.test(group.value) || table.groups.has(group.value)) continue;
    yield unknownName("group", group.value, group, table);
  }
}

function unknownName(what: "user" | "group", name: string, { range }: Value<string>, table: Accounts): Finding {
  return {
    kind: "unknown-name",
    range,
    message: `${table.image} has no ${what} \`${name}\`, so the container does not start; write a number, or create it`,
    confidence: table.isPulled ? "high" : "medium",
    atMost: table.isPulled ? "info" : undefined,
  };
}

function mismatchOf(
  service: Service,
  { written, uid, group }: ServiceUser,
  { options: { uid: policy }, project }: RuleContext<typeof options>,
): Finding | undefined {
  const own = imageUser(service, project);
  if (written === undefined || own?.uid === undefined || uid === undefined || own.uid === uid) return undefined;
  if (written.certainty === "defaulted" && policy.allows(uid)) return undefined;
  const user = group === undefined ? String(own.uid) : `${own.uid}:${own.group ?? own.uid}`;
  return {
    kind: "mismatch",
    range: written.range,
    message: `\`user: ${written.text}\` but the image is made for \`USER ${own.text}\`; use one UID for both`,
    related: own.range === undefined ? [] : [{ range: own.range, message: "the user of the image" }],
    // Unsafe: files on volumes may belong to the other number.
    fix:
      written.node.uses.length > 0 || isBrought(written.node)
        ? undefined
        : { description: `set \`${user}\``, safety: "unsafe", edits: [{ range: written.range, text: `"${user}"` }] },
  };
}

/** A volume over a folder that the image gives to another user, and not to the group of this one. */
function ownerMismatch(service: Service, { written, uid, group }: ServiceUser, project: Project): Finding | undefined {
  const image = project.imageOf(service);
  if (image.kind !== "stage" || written === undefined || uid === undefined) return undefined;
  for (const { type, targetPath, isReadOnly } of service.mounts) {
    if ((type !== "volume" && type !== "anonymous") || targetPath === undefined || isReadOnly) continue;
    const owner = ownerOf(image.stage, targetPath);
    if (owner.kind !== "user" || owner.uid === undefined || owner.uid === uid) continue;
    if (owner.group !== undefined && (group === undefined || owner.group === group)) continue;
    return {
      kind: "mismatch",
      range: written.range,
      message: `\`user: ${written.text}\` but \`${targetPath}\` of the image belongs to ${owner.uid}; use one UID for both`,
      related: owner.range === undefined ? [] : [{ range: owner.range, message: "the owner of the folder" }],
      confidence: "medium",
    };
  }
  return undefined;
}

/** The user that the Dockerfile of a service sets, unless that is root. */
function imageUser(service: Service, project: Project) {
  const image = project.imageOf(service);
  if (image.kind !== "stage") return undefined;
  const { user } = image.stage;
  return user.origin.kind === "instruction" && user.isRoot === "no" ? user : undefined;
}

function* checkGroupOfNumber(user: ServiceUser, { range, text }: Value<string>, table: Accounts): Iterable<Finding> {
  if (user.name !== undefined || user.uid === undefined || user.group !== undefined) return;
  if (table.uids === undefined || table.uids.has(user.uid)) return;
  yield {
    kind: "no-gid",
    range,
    message: `${table.image} has no account ${text}, so it gets group 0, root's; write \`${text}:${text}\``,
  };
}
