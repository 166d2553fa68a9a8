import { compareLevels } from "./level.js";
import { familyBit } from "./rule-settings.js";
import { CHECKLIST_FAMILIES, type Checklist, type ChecklistState, type RatedFinding } from "./run-result.js";

/** Collects which families of the checklist were judged, for whom. */
export class ChecklistTally {
  #judged = 0;
  readonly #byLabel = new Map<string, number>();

  /** @param families bits of the families of which a rule was run on the subject */
  add(labels: readonly string[], families: number): void {
    this.#judged |= families;
    for (const label of labels) this.#byLabel.set(label, (this.#byLabel.get(label) ?? 0) | families);
  }

  /** The checklist in sum and of each build, after suppressions. */
  summarize(findings: readonly RatedFinding[]): {
    readonly summary: Checklist;
    readonly builds: readonly { readonly label: string; readonly lines: Checklist }[];
  } {
    let broken = 0;
    const brokenByLabel = new Map<string, number>();
    for (const { family, severity, builds } of findings) {
      if (compareLevels(severity, "warning") < 0) continue;
      const bit = familyBit(family);
      broken |= bit;
      for (const label of builds) brokenByLabel.set(label, (brokenByLabel.get(label) ?? 0) | bit);
    }
    const labels = [...this.#byLabel].sort(([a], [b]) => (a < b ? -1 : 1));
    return {
      summary: checklist(this.#judged, broken),
      builds: labels.map(([label, judged]) => ({ label, lines: checklist(judged, brokenByLabel.get(label) ?? 0) })),
    };
  }
}

function checklist(judged: number, broken: number): Checklist {
  const state = (bit: number): ChecklistState =>
    (broken & bit) !== 0 ? "broken" : (judged & bit) !== 0 ? "held" : "not-applicable";
  const [stages, user, images, health, secrets, layers, labels, context] = CHECKLIST_FAMILIES;
  return {
    stages: state(familyBit(stages)),
    user: state(familyBit(user)),
    images: state(familyBit(images)),
    health: state(familyBit(health)),
    secrets: state(familyBit(secrets)),
    layers: state(familyBit(layers)),
    labels: state(familyBit(labels)),
    context: state(familyBit(context)),
  };
}
