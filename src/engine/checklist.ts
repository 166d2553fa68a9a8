import type { Service } from "../compose/model.js";
import { DEMANDING_RULES, IMAGE_USER_RULE } from "../data/checklist-rules.js";
import type { Build } from "../project/model.js";
import { compareLevels } from "./level.js";
import { familyBit } from "./rule-settings.js";
import { CHECKLIST_FAMILIES, type Checklist, type ChecklistState, type RatedFinding } from "./run-result.js";
import type { Job, Subject } from "./subjects.js";

/** Collects which families of the checklist were judged, for whom. */
export class ChecklistTally {
  /** Of subjects that belong to no build. */
  #judged = 0;
  readonly #byLabel = new Map<string, number>();
  /** Labels of services that set a user. */
  readonly #withUser = new Set<string>();

  /** @param families bits of the families whose line is carried by a rule that was run on the subject */
  add({ subject, labels }: Pick<Job, "subject" | "labels">, families: number): void {
    const judged = families & linesOf(subject);
    const setsUser = subject.kind === "service" && subject.service.user !== undefined;
    if (setsUser) for (const label of labels) this.#withUser.add(label);
    if (labels.length === 0) this.#judged |= judged;
    for (const label of labels) this.#byLabel.set(label, (this.#byLabel.get(label) ?? 0) | judged);
  }

  /** The checklist in sum and of each build, after suppressions. */
  summarize(findings: readonly RatedFinding[]): {
    readonly summary: Checklist;
    readonly builds: readonly { readonly label: string; readonly lines: Checklist }[];
  } {
    let broken = 0;
    const brokenByLabel = new Map<string, number>();
    const waivedByLabel = new Map<string, number>();
    for (const { rule, family, severity, builds } of findings) {
      const bit = familyBit(family);
      const isNote = compareLevels(severity, "warning") < 0;
      if (isNote && !DEMANDING_RULES.has(rule)) continue;
      if (!isNote) broken |= bit;
      const byLabel = isNote ? waivedByLabel : brokenByLabel;
      for (const label of builds) {
        const isAnswered = isNote && rule === IMAGE_USER_RULE && this.#withUser.has(label);
        if (!isAnswered) byLabel.set(label, (byLabel.get(label) ?? 0) | bit);
      }
    }
    const labels = [...this.#byLabel].sort(([a], [b]) => (a < b ? -1 : 1));
    const builds = labels.map(([label, bits]) => {
      return { label, broken: brokenByLabel.get(label) ?? 0, judged: bits & ~(waivedByLabel.get(label) ?? 0) };
    });
    return {
      summary: checklist(
        builds.reduce((bits, { judged }) => bits | judged, this.#judged),
        broken,
      ),
      builds: builds.map(({ label, ...bits }) => ({ label, lines: checklist(bits.judged, bits.broken) })),
    };
  }
}

/** Bits of the families whose lines can be told by what was found of a subject. */
function linesOf(subject: Subject): number {
  switch (subject.kind) {
    case "build":
      if (subject.build.stages.length === 0) return 0;
      return hasCheck(subject.build) ? EVERY_LINE : EVERY_LINE & ~familyBit("health");
    case "dockerfile":
      if (subject.dockerfile.dockerfile.stages.length === 0) return 0;
      return EVERY_LINE & ~familyBit("health");
    case "stage":
      if (subject.stage.build.fragment === subject.stage) return 0;
      return EVERY_LINE & ~familyBit("health");
    case "service":
      return linesOfService(subject.service);
    default:
      return EVERY_LINE & ~familyBit("health");
  }
}

function hasCheck({ target }: Build): boolean {
  return target?.healthcheck.kind === "check" || target?.healthcheck.kind === "base";
}

/**
 * What only an image can hold or break is told of its build, if it has one here. The user and the health check of a service
 * are told where the service says them: of those that a pulled image may bring, its name tells too little.
 */
function linesOfService({ user, healthcheck }: Service): number {
  let bits = familyBit("images") | familyBit("secrets");
  if (user !== undefined) bits |= familyBit("user");
  if (healthcheck !== undefined && !healthcheck.isDisabled) bits |= familyBit("health");
  return bits;
}

const EVERY_LINE = (1 << CHECKLIST_FAMILIES.length) - 1;

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
