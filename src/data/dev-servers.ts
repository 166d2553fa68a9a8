/**
 * Programs that build and serve what a developer edits, by the word that makes them do so; empty where the bare program
 * does. They come with the development dependencies of a project.
 *
 * Sources: the command lines of Angular, Vue, Vite, webpack, Next.js, Nuxt, Create React App, Astro, Gatsby, Parcel and nodemon,
 * as documented in 2026-11.
 */
const SERVERS: ReadonlyMap<string, readonly string[]> = new Map([
  ["ng", ["serve", "s"]],
  ["vue-cli-service", ["serve"]],
  ["vite", ["", "dev", "serve"]],
  ["webpack", ["serve"]],
  ["webpack-dev-server", [""]],
  ["next", ["dev"]],
  ["nuxt", ["dev"]],
  ["react-scripts", ["start"]],
  ["astro", ["dev"]],
  ["gatsby", ["develop"]],
  ["nodemon", [""]],
]);

/**
 * Whether a command starts a server for development.
 *
 * @param verb the first operand; undefined when there is none
 */
export function isDevServer(program: string, verb: string | undefined): boolean {
  const verbs = SERVERS.get(program);
  if (verbs === undefined) return false;
  return verbs.includes(verb ?? "") || program === "nodemon";
}
