/** A linked module; its key is its absolute path, or the name of a package. */
export interface LinkedModule {
  /** What it exports, in the order of its array of exports. */
  readonly names: readonly string[];
}
export function modulesOf(
  entry: string,
  contentOf: (path: string) => Promise<string> | undefined,
  define: Readonly<Record<string, string>>,
): Promise<ReadonlyMap<string, LinkedModule>>;
export function textOf(
  modules: ReadonlyMap<string, LinkedModule>,
  keys: readonly string[],
  numbers: ReadonlyMap<string, number>,
  isReadable: boolean,
): Promise<string>;
export function packageInputs(modules: ReadonlyMap<string, LinkedModule>): string[];
