import { textOf } from "../text/source.js";
import { secretSpans } from "../values/secret-spans.js";
import { judgeSecret } from "../values/secret-verdict.js";
import type { Project } from "./model.js";
import {
  argsOfStage,
  globalArgsOf,
  type NamedValue,
  namedValuesOfService,
  namedValuesOfStage,
  namedValuesOfVariant,
} from "./secret-places.js";

/**
 * Texts of everything in a project that is taken for the value of a secret, for those who print its models: what looks
 * like one in any of its files, and what its variables come to once they are put in.
 */
export function secretTextsOf(project: Project): ReadonlySet<string> {
  const texts = new Set<string>();
  const sources = [
    ...project.dockerfiles.map(({ source }) => source),
    ...project.composeFiles.map(({ source }) => source),
  ];
  for (const source of sources) {
    for (const span of secretSpans(source.text)) texts.add(source.slice(span));
  }
  const add = ({ name, value, masked }: Pick<NamedValue, "name" | "value" | "masked">) => {
    if (value === undefined || judgeSecret(name, value) === undefined) return;
    texts.add(value.replaceAll("$$", "$"));
    for (const range of masked) texts.add(textOf(range));
  };
  for (const build of project.builds) {
    for (const arg of globalArgsOf(build)) add({ ...arg, masked: [] });
    for (const stage of build.stages) {
      for (const arg of argsOfStage(stage)) add({ ...arg, masked: [] });
      for (const value of namedValuesOfStage(stage)) add(value);
    }
  }
  for (const variant of project.variants) {
    for (const value of namedValuesOfVariant(variant)) add(value);
    for (const service of variant.services.values()) {
      for (const value of namedValuesOfService(service, project)) add(value);
    }
  }
  return texts;
}
