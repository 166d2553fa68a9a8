import type { Rule } from "../src/engine/rule.js";
import imagesNoEolBase from "./images/no-eol-base.js";
import imagesNoFixedPlatform from "./images/no-fixed-platform.js";
import imagesPinDigest from "./images/pin-digest.js";
import imagesPinTag from "./images/pin-tag.js";
import imagesPreferMinimalBase from "./images/prefer-minimal-base.js";
import imagesUseTrustedRegistry from "./images/use-trusted-registry.js";
import labelsNoDuplicateKey from "./labels/no-duplicate-key.js";
import labelsRequireLabels from "./labels/require-labels.js";
import labelsUseValidKeys from "./labels/use-valid-keys.js";
import stagesNoBuildToolsInFinal from "./stages/no-build-tools-in-final.js";
import stagesNoDevDependenciesInFinal from "./stages/no-dev-dependencies-in-final.js";
import stagesNoUnknownReference from "./stages/no-unknown-reference.js";
import stagesNoUnreachableStage from "./stages/no-unreachable-stage.js";
import stagesRequireMultiStage from "./stages/require-multi-stage.js";
import stagesTargetShippedStage from "./stages/target-shipped-stage.js";
import styleNoInlineSuppression from "./style/no-inline-suppression.js";

/** Every rule of the product in the order of ids. Generated from the files of this folder by `npm run generate`. */
export const rules: readonly Rule[] = [
  imagesNoEolBase,
  imagesNoFixedPlatform,
  imagesPinDigest,
  imagesPinTag,
  imagesPreferMinimalBase,
  imagesUseTrustedRegistry,
  labelsNoDuplicateKey,
  labelsRequireLabels,
  labelsUseValidKeys,
  stagesNoBuildToolsInFinal,
  stagesNoDevDependenciesInFinal,
  stagesNoUnknownReference,
  stagesNoUnreachableStage,
  stagesRequireMultiStage,
  stagesTargetShippedStage,
  styleNoInlineSuppression,
];
