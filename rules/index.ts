import type { Rule } from "../src/engine/rule.js";
import composeStayWithinLimits from "./compose/stay-within-limits.js";
import composeUseValidYaml from "./compose/use-valid-yaml.js";
import contextIgnoreGeneratedFiles from "./context/ignore-generated-files.js";
import contextIgnoreSecrets from "./context/ignore-secrets.js";
import contextLimitSize from "./context/limit-size.js";
import contextMatchNestedPaths from "./context/match-nested-paths.js";
import contextNoIgnoredCopy from "./context/no-ignored-copy.js";
import contextRequireDockerignore from "./context/require-dockerignore.js";
import healthInstallProbeTool from "./health/install-probe-tool.js";
import healthNoMaskedFailure from "./health/no-masked-failure.js";
import healthRequireHealthcheck from "./health/require-healthcheck.js";
import healthSetTimings from "./health/set-timings.js";
import healthUseValidTest from "./health/use-valid-test.js";
import healthWaitForHealthy from "./health/wait-for-healthy.js";
import imagesNoEolBase from "./images/no-eol-base.js";
import imagesNoFixedPlatform from "./images/no-fixed-platform.js";
import imagesPinDigest from "./images/pin-digest.js";
import imagesPinTag from "./images/pin-tag.js";
import imagesPreferMinimalBase from "./images/prefer-minimal-base.js";
import imagesUseTrustedRegistry from "./images/use-trusted-registry.js";
import labelsNoDuplicateKey from "./labels/no-duplicate-key.js";
import labelsNoHardcodedBuildMetadata from "./labels/no-hardcoded-build-metadata.js";
import labelsRequireLabels from "./labels/require-labels.js";
import labelsUseValidKeys from "./labels/use-valid-keys.js";
import labelsUseValidValues from "./labels/use-valid-values.js";
import layersCopyInstallInputs from "./layers/copy-install-inputs.js";
import layersDeclareArgsLate from "./layers/declare-args-late.js";
import layersInstallBeforeCopy from "./layers/install-before-copy.js";
import layersNoLateRemoval from "./layers/no-late-removal.js";
import layersPreferCopyOverAdd from "./layers/prefer-copy-over-add.js";
import secretsNoBuildArgSecrets from "./secrets/no-build-arg-secrets.js";
import secretsNoCommandSecrets from "./secrets/no-command-secrets.js";
import secretsNoCopiedCredentials from "./secrets/no-copied-credentials.js";
import secretsNoEnvSecrets from "./secrets/no-env-secrets.js";
import secretsNoKnownTokens from "./secrets/no-known-tokens.js";
import secretsProtectMounts from "./secrets/protect-mounts.js";
import stagesNoBuildToolsInFinal from "./stages/no-build-tools-in-final.js";
import stagesNoDevDependenciesInFinal from "./stages/no-dev-dependencies-in-final.js";
import stagesNoUnknownReference from "./stages/no-unknown-reference.js";
import stagesNoUnreachableStage from "./stages/no-unreachable-stage.js";
import stagesRequireMultiStage from "./stages/require-multi-stage.js";
import stagesTargetShippedStage from "./stages/target-shipped-stage.js";
import styleNoInlineSuppression from "./style/no-inline-suppression.js";
import syntaxNoParseError from "./syntax/no-parse-error.js";
import userMatchImageUser from "./user/match-image-user.js";
import userNoRootUser from "./user/no-root-user.js";
import userNoUnknownUser from "./user/no-unknown-user.js";
import userRequireUser from "./user/require-user.js";
import userSetCopyOwner from "./user/set-copy-owner.js";
import userSetUid from "./user/set-uid.js";

/** Every rule of the product in the order of ids. Generated from the files of this folder by `npm run generate`. */
export const rules: readonly Rule[] = [
  composeStayWithinLimits,
  composeUseValidYaml,
  contextIgnoreGeneratedFiles,
  contextIgnoreSecrets,
  contextLimitSize,
  contextMatchNestedPaths,
  contextNoIgnoredCopy,
  contextRequireDockerignore,
  healthInstallProbeTool,
  healthNoMaskedFailure,
  healthRequireHealthcheck,
  healthSetTimings,
  healthUseValidTest,
  healthWaitForHealthy,
  imagesNoEolBase,
  imagesNoFixedPlatform,
  imagesPinDigest,
  imagesPinTag,
  imagesPreferMinimalBase,
  imagesUseTrustedRegistry,
  labelsNoDuplicateKey,
  labelsNoHardcodedBuildMetadata,
  labelsRequireLabels,
  labelsUseValidKeys,
  labelsUseValidValues,
  layersCopyInstallInputs,
  layersDeclareArgsLate,
  layersInstallBeforeCopy,
  layersNoLateRemoval,
  layersPreferCopyOverAdd,
  secretsNoBuildArgSecrets,
  secretsNoCommandSecrets,
  secretsNoCopiedCredentials,
  secretsNoEnvSecrets,
  secretsNoKnownTokens,
  secretsProtectMounts,
  stagesNoBuildToolsInFinal,
  stagesNoDevDependenciesInFinal,
  stagesNoUnknownReference,
  stagesNoUnreachableStage,
  stagesRequireMultiStage,
  stagesTargetShippedStage,
  styleNoInlineSuppression,
  syntaxNoParseError,
  userMatchImageUser,
  userNoRootUser,
  userNoUnknownUser,
  userRequireUser,
  userSetCopyOwner,
  userSetUid,
];
