import type { Rule } from "../src/engine/rule.js";
import imagesPinTag from "./images/pin-tag.js";
import stagesNoBuildToolsInFinal from "./stages/no-build-tools-in-final.js";
import stagesRequireMultiStage from "./stages/require-multi-stage.js";
import styleNoInlineSuppression from "./style/no-inline-suppression.js";

/** Every rule of the product in the order of ids. Generated from the files of this folder by `npm run generate`. */
export const rules: readonly Rule[] = [
  imagesPinTag,
  stagesNoBuildToolsInFinal,
  stagesRequireMultiStage,
  styleNoInlineSuppression,
];
