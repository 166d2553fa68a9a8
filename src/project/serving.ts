import { isFunctionHost, isFunctionImage, isServerProgram } from "../data/server-programs.js";
import type { Invocation } from "../shell/model.js";
import { shellKindOfName } from "../shell/shell-kind.js";
import type { Range } from "../text/source.js";
import type { Build, CommandView, Project, StageView } from "./model.js";
import { servicesShipping } from "./service-view.js";

/** What shows that an image answers over the network. */
export interface ServingEvidence {
  /** For messages, in backticks where it is the user's word: `` port `8000` is served ``. */
  readonly what: string;
  readonly range: Range;
}

/** `--port`, `-p 8000`, `0.0.0.0:8000` and the like among the words of a start command. */
const PORT_WORD =
  /^(?:--(?:port|bind|listen|addr|http-port|server\.port)(?:=.*)?|-p|0\.0\.0\.0(?::\d+)?|\[::\](?::\d+)?|:\d{2,5})$/;
/** Words that make a many-sided program serve: `flask run`, `rails server`, `manage.py runserver`. */
const SERVE_WORDS: ReadonlySet<string> = new Set(["runserver", "server", "serve", "start-server", "http.server"]);

/** The first sign that a target serves: EXPOSE, its start command, or a service that publishes or is waited for. */
export function servingEvidence(target: StageView, project: Project): ServingEvidence | undefined {
  for (const { evaluated } of target.lineage) {
    const port = evaluated.exposed.at(-1);
    if (port !== undefined) {
      const text = port.value.kind === "known" ? port.value.value : port.word.raw;
      return { what: `port \`${text}\` is served`, range: port.word.range };
    }
  }
  for (const view of [target.command, target.entrypoint]) {
    const server = view?.commands.find(serves);
    if (server !== undefined) return { what: `\`${calledAs(server)}\` runs`, range: server.range };
  }
  return servedBy(target.build, project);
}

function serves({ name, args }: Invocation): boolean {
  if (name !== undefined && isServerProgram(name)) return true;
  return args.some(({ value }) => value !== undefined && (PORT_WORD.test(value) || SERVE_WORDS.has(value)));
}

/** `uvicorn`, `ng serve`. */
function calledAs({ name, args }: Invocation): string {
  const verb = args.find(({ value }) => value !== undefined && SERVE_WORDS.has(value))?.value;
  return verb === undefined ? (name ?? "") : `${name ?? ""} ${verb}`;
}

function servedBy(build: Build, project: Project): ServingEvidence | undefined {
  for (const service of servicesShipping(build, project)) {
    const [port] = service.ports;
    if (port !== undefined) return { what: `service \`${service.name}\` runs`, range: port.range };
    const [dependant] = service.variant.dependants(service).filter(({ need }) => need.key === "depends_on");
    if (dependant !== undefined) return { what: `service \`${service.name}\` runs`, range: dependant.need.range };
  }
  return undefined;
}

/** Whether a serverless platform calls what the image holds. */
export function isFunction(target: StageView): boolean {
  if (target.image !== undefined && isFunctionImage(target.image.name)) return true;
  return [target.entrypoint, target.command].some((view) =>
    view?.commands.some(({ name, args }) => {
      if (name !== undefined && isFunctionHost(name)) return true;
      return args.some(({ value }) => value !== undefined && isFunctionHost(value));
    }),
  );
}

/** Whether a start command only opens a shell for a person: `bash`, `sh -l`. */
export function opensShell(view: CommandView | undefined): boolean {
  const [first, second] = view?.commands ?? [];
  if (first?.name === undefined || second !== undefined) return false;
  return (
    shellKindOfName(first.name) !== "other" &&
    first.args.every(({ value }) => /^-{1,2}(?:l|i|login)$/.test(value ?? ""))
  );
}
