import { defineRule, type Finding, type Fix, type RuleContext } from "../../src/engine/rule.js";
import { idleUsers } from "../../src/project/created-users.js";
import type { Build, StageView } from "../../src/project/model.js";
import { startInsertion } from "../../src/project/start-insertion.js";

export default defineRule({
  id: "user/use-created-user",
  summary: "An account that was created is also used",
  levels: { recommended: "warning", strict: "warning" },
  roles: ["production"],
  fixable: "always",
  aliases: ["tally:user-created-but-never-used"],
  why: [
    "Somebody meant the image to run as this account, and forgot USER: the process is root, and the file looks as if it were not.",
  ],
  references: ["https://docs.docker.com/build/building/best-practices/#user", "CIS 4.1", "CWE-250"],
  securitySeverity: 7,
  mentions: { dockerfile: ["useradd", "adduser"] },
  check: { build: checkBuild },
  examples: {
    bad: [
      {
        name: "created, and forgotten",
        message: "`USER 1000`",
        files: { Dockerfile: ["FROM debian:12-slim", "RUN useradd -u 1000 «api»", 'CMD ["/srv/api"]'] },
        fixed: { Dockerfile: ["FROM debian:12-slim", "RUN useradd -u 1000 api", "USER 1000", 'CMD ["/srv/api"]'] },
      },
      {
        name: "in a parent stage, without a number",
        message: "`USER api`",
        files: {
          Dockerfile: [
            "FROM alpine:3.20 AS base",
            "RUN addgroup -S api && adduser -S -G api «api»",
            "FROM base",
            "COPY server /srv/",
            'ENTRYPOINT ["/srv/server"]',
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM alpine:3.20 AS base",
            "RUN addgroup -S api && adduser -S -G api api",
            "FROM base",
            "COPY server /srv/",
            "USER api",
            'ENTRYPOINT ["/srv/server"]',
          ],
        },
      },
      {
        name: "inside of a Compose file",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      dockerfile_inline: |",
            "        FROM debian:12-slim",
            "        RUN useradd -u 1000 «api»",
            '        CMD ["/srv/api"]',
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      dockerfile_inline: |",
            "        FROM debian:12-slim",
            "        RUN useradd -u 1000 api",
            "        USER 1000",
            '        CMD ["/srv/api"]',
          ],
        },
      },
      {
        name: "its name is only a folder elsewhere",
        files: { Dockerfile: ["FROM debian:12-slim", "RUN useradd «api»", "COPY . /srv/api", "CMD /srv/api/run"] },
        fixed: {
          Dockerfile: ["FROM debian:12-slim", "RUN useradd api", "COPY . /srv/api", "USER api", "CMD /srv/api/run"],
        },
      },
    ],
    good: [
      {
        name: "used, by number or name",
        files: {
          Dockerfile: [
            "FROM debian:12-slim AS api",
            "RUN useradd -u 1000 api",
            "USER 1000",
            "FROM debian:12-slim AS worker",
            "RUN useradd worker",
            "USER worker",
          ],
          "compose.yaml": [
            "services:",
            "  api: {build: {context: ., target: api}}",
            "  worker: {build: {context: ., target: worker}}",
          ],
        },
      },
      {
        name: "the entrypoint changes to it",
        files: {
          Dockerfile: ["FROM debian:12-slim", "RUN useradd api", 'ENTRYPOINT ["gosu", "api", "/srv/api"]'],
        },
      },
      {
        name: "it owns files",
        files: { Dockerfile: ["FROM debian:12-slim", "RUN useradd api", "COPY --chown=api . /srv", "CMD /srv/api"] },
      },
      {
        name: "commands name it",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN useradd api && install -d -o api /data && su api -c ./init",
            "CMD api",
          ],
        },
      },
      {
        name: "what starts has users of its own",
        files: {
          Dockerfile: ["FROM debian:12-slim", "RUN useradd api", 'CMD ["supervisord", "-n"]'],
        },
      },
      {
        name: "a variable, or a configuration file, names it",
        files: {
          "api/Dockerfile": ["FROM debian:12-slim", "RUN useradd api", "ENV RUN_AS=api", "CMD /srv/start"],
          "web/Dockerfile": [
            "FROM debian:12-slim",
            "RUN useradd web",
            "COPY site.conf /etc/site.conf",
            "CMD /srv/start",
          ],
          "web/site.conf": ["user web;"],
        },
      },
      {
        name: "an account of a builder, and USER root that is another rule's",
        files: {
          Dockerfile: [
            "FROM debian:12-slim AS build",
            "RUN useradd build",
            "FROM debian:12-slim",
            "COPY --from=build /out /srv",
            "CMD /srv/api",
          ],
          "Dockerfile.root": ["FROM debian:12-slim", "RUN useradd api", "USER root", "CMD /srv/api"],
        },
      },
      {
        name: "nobody knows whom the base runs as",
        files: { Dockerfile: ["FROM registry.example.com/base:1", "RUN useradd api", "CMD /srv/api"] },
      },
      {
        name: "a start script that nobody can read, and an unknown name",
        files: {
          Dockerfile: ["FROM debian:12-slim", "RUN useradd api", "COPY start.sh /", 'ENTRYPOINT ["/start.sh"]'],
          "Dockerfile.arg": ["FROM debian:12-slim", "ARG NAME", "RUN useradd $NAME", "CMD /srv/api"],
        },
      },
    ],
  },
});

function* checkBuild(build: Build, { project }: RuleContext): Iterable<Finding> {
  const { target } = build;
  if (target === undefined || target.isWindows) return;
  const { user, dropsPrivileges } = target;
  if (user.isRoot !== "yes" || user.origin.kind === "instruction" || dropsPrivileges !== "no") return;
  const users = idleUsers(build, project);
  const [first] = users;
  // Of several accounts nobody knows which one was meant; the first stands for all.
  if (first === undefined) return;
  const { account, name } = first;
  const as = account.id !== undefined && /^\d+$/.test(account.id) ? account.id : name;
  const starts = [target.entrypoint, target.command].flatMap((view) => (view === undefined ? [] : [view.instruction]));
  yield {
    range: account.nameRange,
    message: `\`${name}\` is created, but the image still runs as root; add \`USER ${as}\` before what it starts`,
    related: starts.map(({ range }) => ({ range, message: "this is what runs as root" })),
    fix: setUser(target, as),
  };
}

/** Unsafe: the process loses rights that it may need. */
function setUser(target: StageView, user: string): Fix | undefined {
  const edit = startInsertion(target, `USER ${user}`);
  return edit === undefined ? undefined : { description: `set \`USER ${user}\``, safety: "unsafe", edits: [edit] };
}
