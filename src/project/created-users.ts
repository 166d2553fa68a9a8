import type { AccountFact } from "../shell/fact-model.js";
import type { Invocation } from "../shell/model.js";
import type { Build, Project, StageView } from "./model.js";
import { runTimeCommands } from "./start-scripts.js";

/** A user that a chain creates, and that nothing there is seen to use. */
export interface IdleUser {
  readonly account: AccountFact;
  readonly name: string;
}

/** Programs that take their users from their own configuration, or run others as who they want. */
const SUPERVISORS: ReadonlySet<string> = new Set(
  (
    "supervisord cron crond sshd nginx httpd apache2 apache2ctl apachectl apache2-foreground httpd-foreground php-fpm init " +
    "systemd runsvdir s6-svscan circusd monit postgres mysqld mariadbd smbd vsftpd proftpd pure-ftpd " +
    "haproxy squid named dovecot postfix exim xrdp runit horust multirun confd gunicorn uwsgi unicorn puma passenger"
  ).split(" "),
);

/** Users that are looked for; of more nobody knows which one was meant. */
const MOST_USERS = 50;

/**
 * The users that `useradd` and `adduser` create in the chain of a build, where none of them is used by any step, by a
 * variable, or by what the image starts; empty where one is, or where nobody can tell.
 */
export function idleUsers({ target, chain, context }: Build, project: Project): readonly IdleUser[] {
  const created = chain.toReversed().flatMap((stage) => stage.runs.flatMap(({ facts }) => facts.accounts));
  const users: IdleUser[] = [];
  for (const account of created) {
    const { name, tool, kind, change } = account;
    if (kind !== "user" || change !== "create" || (tool !== "useradd" && tool !== "adduser")) continue;
    if (name === undefined) return [];
    users.push({ account, name });
  }
  if (users.length === 0 || users.length > MOST_USERS || target === undefined) return [];
  const names = new Set(users.map(({ name }) => name));
  if (chain.some((stage) => isUsedIn(stage, names, context, project))) return [];
  for (const command of runTimeCommands(target, project)) {
    if (SUPERVISORS.has(command.name ?? "") || mentions(command, names)) return [];
  }
  return users;
}

/** Commands that only make accounts what they are. */
const ACCOUNT_TOOLS: ReadonlySet<string> = new Set(
  "useradd adduser usermod groupadd addgroup groupmod userdel deluser groupdel delgroup gpasswd chage".split(" "),
);

function isUsedIn(stage: StageView, names: ReadonlySet<string>, context: Build["context"], project: Project): boolean {
  for (const run of stage.runs) {
    if (run.user.name !== undefined && names.has(run.user.name)) return true;
    if (run.commands.some((command) => !ACCOUNT_TOOLS.has(command.name ?? "") && mentions(command, names))) return true;
  }
  for (const { chown, sources, from } of stage.copies) {
    if (chown !== undefined && (chown.text === undefined || names.has(chown.text.split(":")[0] ?? ""))) return true;
    if (from.kind !== "context" || context.kind !== "local") continue;
    for (const { kind, path, heredoc } of sources) {
      if (heredoc !== undefined && holdsName(heredoc.content, names)) return true;
      if (kind !== "path" || path === undefined || !CONFIGURATION.test(path)) continue;
      const text = project.read(`${context.root}/${path.replace(/^\.?\/+/, "")}`)?.text;
      if (text === undefined || holdsName(text, names)) return true;
    }
  }
  for (const { value } of stage.evaluated.env.values()) {
    if (value.kind === "known" && names.has(value.value)) return true;
  }
  return false;
}

/** Files that may say who runs a program. */
const CONFIGURATION =
  /\.(?:conf|cfg|ini|sh|service|cron|ya?ml|toml)$|(?:^|\/)(?:crontab|[^/.]*entrypoint[^/.]*|run|init)$/;

function mentions({ words, wrappers, redirects }: Invocation, names: ReadonlySet<string>): boolean {
  if (words.some(({ shape }) => holdsName(shape, names))) return true;
  if (wrappers.some((wrapper) => wrapper.words.some(({ shape }) => holdsName(shape, names)))) return true;
  return redirects.some((redirect) =>
    redirect.kind === "heredoc"
      ? holdsName(redirect.body, names)
      : redirect.target !== undefined && holdsName(redirect.target.shape, names),
  );
}

/** Whether a name stands in a text as a word of its own; a part of a path is none. */
function holdsName(text: string, names: ReadonlySet<string>): boolean {
  for (const name of names) {
    for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + 1)) {
      if (!isPart(text[at - 1]) && !isPart(text[at + name.length])) return true;
    }
  }
  return false;
}

function isPart(character: string | undefined): boolean {
  return character !== undefined && /[\w./-]/.test(character);
}
