import type { Rule } from "../src/engine/rule.js";
import composeChooseImageOrBuild from "./compose/choose-image-or-build.js";
import composeDefineReferences from "./compose/define-references.js";
import composeEnableDependencies from "./compose/enable-dependencies.js";
import composeEscapeDollar from "./compose/escape-dollar.js";
import composeKeepOneBaseFile from "./compose/keep-one-base-file.js";
import composeNoConflictingKeys from "./compose/no-conflicting-keys.js";
import composeNoDependencyCycle from "./compose/no-dependency-cycle.js";
import composeNoDuplicateKeys from "./compose/no-duplicate-keys.js";
import composeNoIgnoredKeys from "./compose/no-ignored-keys.js";
import composeNoLegacyKeys from "./compose/no-legacy-keys.js";
import composeNoReservedLabels from "./compose/no-reserved-labels.js";
import composeNoUnusedResources from "./compose/no-unused-resources.js";
import composeNoVersion from "./compose/no-version.js";
import composePatchExistingServices from "./compose/patch-existing-services.js";
import composeQuoteAmbiguousScalars from "./compose/quote-ambiguous-scalars.js";
import composeReferenceExistingFiles from "./compose/reference-existing-files.js";
import composeReplaceLists from "./compose/replace-lists.js";
import composeRequireBuildFiles from "./compose/require-build-files.js";
import composeSetImageOrBuild from "./compose/set-image-or-build.js";
import composeSetProjectName from "./compose/set-project-name.js";
import composeSetResourceSource from "./compose/set-resource-source.js";
import composeSetVariables from "./compose/set-variables.js";
import composeSetVariablesOnce from "./compose/set-variables-once.js";
import composeStayWithinLimits from "./compose/stay-within-limits.js";
import composeUseKnownKeys from "./compose/use-known-keys.js";
import composeUsePortablePaths from "./compose/use-portable-paths.js";
import composeUseUniqueContainerNames from "./compose/use-unique-container-names.js";
import composeUseUniqueMountTargets from "./compose/use-unique-mount-targets.js";
import composeUseValidExtends from "./compose/use-valid-extends.js";
import composeUseValidInclude from "./compose/use-valid-include.js";
import composeUseValidInterpolation from "./compose/use-valid-interpolation.js";
import composeUseValidNames from "./compose/use-valid-names.js";
import composeUseValidSchema from "./compose/use-valid-schema.js";
import composeUseValidYaml from "./compose/use-valid-yaml.js";
import contextCopyExistingFiles from "./context/copy-existing-files.js";
import contextCopyNamedPaths from "./context/copy-named-paths.js";
import contextFollowGitignore from "./context/follow-gitignore.js";
import contextIgnoreGeneratedFiles from "./context/ignore-generated-files.js";
import contextIgnoreSecrets from "./context/ignore-secrets.js";
import contextLimitSize from "./context/limit-size.js";
import contextMatchNestedPaths from "./context/match-nested-paths.js";
import contextNoDeadPatterns from "./context/no-dead-patterns.js";
import contextNoHiddenImageFiles from "./context/no-hidden-image-files.js";
import contextNoIgnoredCopy from "./context/no-ignored-copy.js";
import contextNoUnreadIgnoreFile from "./context/no-unread-ignore-file.js";
import contextRequireDockerignore from "./context/require-dockerignore.js";
import contextUseValidPatterns from "./context/use-valid-patterns.js";
import healthInstallProbeTool from "./health/install-probe-tool.js";
import healthNoDisabledHealthcheck from "./health/no-disabled-healthcheck.js";
import healthNoMaskedFailure from "./health/no-masked-failure.js";
import healthProbeOwnPort from "./health/probe-own-port.js";
import healthRequireHealthcheck from "./health/require-healthcheck.js";
import healthSetTimings from "./health/set-timings.js";
import healthUseValidTest from "./health/use-valid-test.js";
import healthWaitForHealthy from "./health/wait-for-healthy.js";
import imagesNameBuiltImage from "./images/name-built-image.js";
import imagesNoEolBase from "./images/no-eol-base.js";
import imagesNoFixedPlatform from "./images/no-fixed-platform.js";
import imagesNoFloatingBuildArgs from "./images/no-floating-build-args.js";
import imagesNoPlatformConflict from "./images/no-platform-conflict.js";
import imagesNoRedundantPlatform from "./images/no-redundant-platform.js";
import imagesNoSdkInFinal from "./images/no-sdk-in-final.js";
import imagesPinDigest from "./images/pin-digest.js";
import imagesPinTag from "./images/pin-tag.js";
import imagesPreferMinimalBase from "./images/prefer-minimal-base.js";
import imagesUseConsistentVersions from "./images/use-consistent-versions.js";
import imagesUseTrustedRegistry from "./images/use-trusted-registry.js";
import labelsLabelImage from "./labels/label-image.js";
import labelsMatchBase from "./labels/match-base.js";
import labelsNoBuildTimeOverlap from "./labels/no-build-time-overlap.js";
import labelsNoDeploymentLabels from "./labels/no-deployment-labels.js";
import labelsNoDuplicateKey from "./labels/no-duplicate-key.js";
import labelsNoHardcodedBuildMetadata from "./labels/no-hardcoded-build-metadata.js";
import labelsPreferOciKeys from "./labels/prefer-oci-keys.js";
import labelsRequireLabels from "./labels/require-labels.js";
import labelsUseAllowedKeys from "./labels/use-allowed-keys.js";
import labelsUseValidKeys from "./labels/use-valid-keys.js";
import labelsUseValidValues from "./labels/use-valid-values.js";
import layersConsolidateLayers from "./layers/consolidate-layers.js";
import layersCopyInstallInputs from "./layers/copy-install-inputs.js";
import layersDeclareArgsLate from "./layers/declare-args-late.js";
import layersInstallBeforeCopy from "./layers/install-before-copy.js";
import layersNoArtifactInCacheMount from "./layers/no-artifact-in-cache-mount.js";
import layersNoLateRemoval from "./layers/no-late-removal.js";
import layersNoUselessCacheMount from "./layers/no-useless-cache-mount.js";
import layersPreferAddForArchives from "./layers/prefer-add-for-archives.js";
import layersPreferBindMount from "./layers/prefer-bind-mount.js";
import layersPreferCacheMount from "./layers/prefer-cache-mount.js";
import layersPreferCopyOverAdd from "./layers/prefer-copy-over-add.js";
import layersSetPermissionsAtCopy from "./layers/set-permissions-at-copy.js";
import layersUseValidVolumes from "./layers/use-valid-volumes.js";
import layersVerifyRemoteAdd from "./layers/verify-remote-add.js";
import networkBindInterface from "./network/bind-interface.js";
import networkDeclareNetworks from "./network/declare-networks.js";
import networkFitSubnet from "./network/fit-subnet.js";
import networkIsolateDatastores from "./network/isolate-datastores.js";
import networkNoDebugPorts from "./network/no-debug-ports.js";
import networkNoHostNetwork from "./network/no-host-network.js";
import networkNoLocalhostPeer from "./network/no-localhost-peer.js";
import networkNoLostPorts from "./network/no-lost-ports.js";
import networkNoPortClash from "./network/no-port-clash.js";
import networkNoPrivilegedPorts from "./network/no-privileged-ports.js";
import networkNoPublicDatastore from "./network/no-public-datastore.js";
import networkPublishListeningPort from "./network/publish-listening-port.js";
import networkReachService from "./network/reach-service.js";
import networkUseValidPorts from "./network/use-valid-ports.js";
import packagesAssumeYes from "./packages/assume-yes.js";
import packagesCleanLanguageCache from "./packages/clean-language-cache.js";
import packagesCleanSystemCache from "./packages/clean-system-cache.js";
import packagesInstallFromLockfile from "./packages/install-from-lockfile.js";
import packagesMatchAcceleratorVersion from "./packages/match-accelerator-version.js";
import packagesNoDeprecatedUsage from "./packages/no-deprecated-usage.js";
import packagesNoFrontendEnv from "./packages/no-frontend-env.js";
import packagesNoHostPackages from "./packages/no-host-packages.js";
import packagesNoInstallScripts from "./packages/no-install-scripts.js";
import packagesNoLateCleanup from "./packages/no-late-cleanup.js";
import packagesNoRecommends from "./packages/no-recommends.js";
import packagesNoRedundantInstall from "./packages/no-redundant-install.js";
import packagesNoSystemPip from "./packages/no-system-pip.js";
import packagesNoUpgrade from "./packages/no-upgrade.js";
import packagesPinLanguageVersions from "./packages/pin-language-versions.js";
import packagesPinSystemVersions from "./packages/pin-system-versions.js";
import packagesPreferAptGet from "./packages/prefer-apt-get.js";
import packagesQuoteSpecifiers from "./packages/quote-specifiers.js";
import packagesSetRuntimeEnv from "./packages/set-runtime-env.js";
import packagesUpdateWithInstall from "./packages/update-with-install.js";
import packagesUseAvailableManager from "./packages/use-available-manager.js";
import packagesUseTrustedIndex from "./packages/use-trusted-index.js";
import packagesVerifySignatures from "./packages/verify-signatures.js";
import runtimeAgreeOnResources from "./runtime/agree-on-resources.js";
import runtimeDropCapabilities from "./runtime/drop-capabilities.js";
import runtimeHardenTmpfs from "./runtime/harden-tmpfs.js";
import runtimeKeepData from "./runtime/keep-data.js";
import runtimeLimitCpu from "./runtime/limit-cpu.js";
import runtimeLimitLogs from "./runtime/limit-logs.js";
import runtimeLimitMemory from "./runtime/limit-memory.js";
import runtimeLimitPids from "./runtime/limit-pids.js";
import runtimeMountWritePaths from "./runtime/mount-write-paths.js";
import runtimeNoCgroupParent from "./runtime/no-cgroup-parent.js";
import runtimeNoDevMode from "./runtime/no-dev-mode.js";
import runtimeNoDockerSocket from "./runtime/no-docker-socket.js";
import runtimeNoHostDevices from "./runtime/no-host-devices.js";
import runtimeNoHostMounts from "./runtime/no-host-mounts.js";
import runtimeNoHostNamespaces from "./runtime/no-host-namespaces.js";
import runtimeNoLiftedLimits from "./runtime/no-lifted-limits.js";
import runtimeNoPrivileged from "./runtime/no-privileged.js";
import runtimeNoRedundantCapabilities from "./runtime/no-redundant-capabilities.js";
import runtimeNoSharedPropagation from "./runtime/no-shared-propagation.js";
import runtimeNoSharedVolume from "./runtime/no-shared-volume.js";
import runtimeNoSourceMount from "./runtime/no-source-mount.js";
import runtimeNoSshd from "./runtime/no-sshd.js";
import runtimeNoStrongCapabilities from "./runtime/no-strong-capabilities.js";
import runtimeNoUnconfinedProfile from "./runtime/no-unconfined-profile.js";
import runtimeReserveResources from "./runtime/reserve-resources.js";
import runtimeSetNoNewPrivileges from "./runtime/set-no-new-privileges.js";
import runtimeSetReadOnly from "./runtime/set-read-only.js";
import runtimeSetRestart from "./runtime/set-restart.js";
import runtimeStopGracefully from "./runtime/stop-gracefully.js";
import runtimeUseInit from "./runtime/use-init.js";
import runtimeUseValidSysctls from "./runtime/use-valid-sysctls.js";
import runtimeUseVolumeTiers from "./runtime/use-volume-tiers.js";
import secretsMatchBuildSecrets from "./secrets/match-build-secrets.js";
import secretsNoBuildArgSecrets from "./secrets/no-build-arg-secrets.js";
import secretsNoBuildStepKeys from "./secrets/no-build-step-keys.js";
import secretsNoCommandSecrets from "./secrets/no-command-secrets.js";
import secretsNoCopiedCredentials from "./secrets/no-copied-credentials.js";
import secretsNoEnvSecrets from "./secrets/no-env-secrets.js";
import secretsNoGeneratedKeys from "./secrets/no-generated-keys.js";
import secretsNoKnownTokens from "./secrets/no-known-tokens.js";
import secretsNoLateRemoval from "./secrets/no-late-removal.js";
import secretsNoMountLeaks from "./secrets/no-mount-leaks.js";
import secretsNoTrackedSecretFiles from "./secrets/no-tracked-secret-files.js";
import secretsNoUrlCredentials from "./secrets/no-url-credentials.js";
import secretsNoWeakPasswords from "./secrets/no-weak-passwords.js";
import secretsProtectMounts from "./secrets/protect-mounts.js";
import secretsRequireMounts from "./secrets/require-mounts.js";
import secretsUseFileVariants from "./secrets/use-file-variants.js";
import shellExecInEntrypoint from "./shell/exec-in-entrypoint.js";
import shellFailOnError from "./shell/fail-on-error.js";
import shellKeepCommand from "./shell/keep-command.js";
import shellNoBashisms from "./shell/no-bashisms.js";
import shellNoBrokenDownloads from "./shell/no-broken-downloads.js";
import shellNoEmulationHazards from "./shell/no-emulation-hazards.js";
import shellNoGpuQueries from "./shell/no-gpu-queries.js";
import shellNoInstallAtStart from "./shell/no-install-at-start.js";
import shellNoInteractiveCommands from "./shell/no-interactive-commands.js";
import shellNoLostState from "./shell/no-lost-state.js";
import shellNoParseError from "./shell/no-parse-error.js";
import shellNoPipeToShell from "./shell/no-pipe-to-shell.js";
import shellNoPointlessCommands from "./shell/no-pointless-commands.js";
import shellNoProgressBars from "./shell/no-progress-bars.js";
import shellNoShellSyntaxInExec from "./shell/no-shell-syntax-in-exec.js";
import shellNoSudo from "./shell/no-sudo.js";
import shellNoSwallowedCommands from "./shell/no-swallowed-commands.js";
import shellPassShellcheck from "./shell/pass-shellcheck.js";
import shellSetPipefail from "./shell/set-pipefail.js";
import shellSetShell from "./shell/set-shell.js";
import shellStopPowershellOnError from "./shell/stop-powershell-on-error.js";
import shellUseAvailableShell from "./shell/use-available-shell.js";
import shellUseExecForm from "./shell/use-exec-form.js";
import shellUseOneDownloadTool from "./shell/use-one-download-tool.js";
import shellUseSecureProtocols from "./shell/use-secure-protocols.js";
import shellUseWorkdir from "./shell/use-workdir.js";
import shellVerifyDownloads from "./shell/verify-downloads.js";
import shellVerifyTls from "./shell/verify-tls.js";
import stagesCopyExistingPaths from "./stages/copy-existing-paths.js";
import stagesMatchBuilderRuntime from "./stages/match-builder-runtime.js";
import stagesNameStages from "./stages/name-stages.js";
import stagesNoBuildToolsInFinal from "./stages/no-build-tools-in-final.js";
import stagesNoCircularDependency from "./stages/no-circular-dependency.js";
import stagesNoDevDependenciesInFinal from "./stages/no-dev-dependencies-in-final.js";
import stagesNoEditableInstallInFinal from "./stages/no-editable-install-in-final.js";
import stagesNoIneffectiveMetadata from "./stages/no-ineffective-metadata.js";
import stagesNoSourceInFinal from "./stages/no-source-in-final.js";
import stagesNoUnknownReference from "./stages/no-unknown-reference.js";
import stagesNoUnreachableStage from "./stages/no-unreachable-stage.js";
import stagesNoUnusedContext from "./stages/no-unused-context.js";
import stagesNoWholeFilesystemCopy from "./stages/no-whole-filesystem-copy.js";
import stagesRequireMultiStage from "./stages/require-multi-stage.js";
import stagesTargetShippedStage from "./stages/target-shipped-stage.js";
import styleBreakChainedCommands from "./style/break-chained-commands.js";
import styleDescribeDefinitions from "./style/describe-definitions.js";
import styleIndentEvenly from "./style/indent-evenly.js";
import styleLimitLines from "./style/limit-lines.js";
import styleLowercaseStageNames from "./style/lowercase-stage-names.js";
import styleNoInlineSuppression from "./style/no-inline-suppression.js";
import styleNoStrayWhitespace from "./style/no-stray-whitespace.js";
import styleNoUnusedAnchors from "./style/no-unused-anchors.js";
import styleOrderEpilogue from "./style/order-epilogue.js";
import styleOrderServiceKeys from "./style/order-service-keys.js";
import styleOrderTopLevel from "./style/order-top-level.js";
import stylePreferHeredoc from "./style/prefer-heredoc.js";
import styleQuotePorts from "./style/quote-ports.js";
import styleSeparateBlocks from "./style/separate-blocks.js";
import styleSortLists from "./style/sort-lists.js";
import styleSortServices from "./style/sort-services.js";
import styleUnquoteVolumes from "./style/unquote-volumes.js";
import styleUseCanonicalValues from "./style/use-canonical-values.js";
import styleUseConsistentCasing from "./style/use-consistent-casing.js";
import styleUseOneEnvironmentForm from "./style/use-one-environment-form.js";
import syntaxDeclareBuildArgs from "./syntax/declare-build-args.js";
import syntaxDeclareFromArgs from "./syntax/declare-from-args.js";
import syntaxMatchEntrypointAndCmd from "./syntax/match-entrypoint-and-cmd.js";
import syntaxNoBrokenContinuation from "./syntax/no-broken-continuation.js";
import syntaxNoCopyOutsideContext from "./syntax/no-copy-outside-context.js";
import syntaxNoDuplicateStage from "./syntax/no-duplicate-stage.js";
import syntaxNoIneffectiveArg from "./syntax/no-ineffective-arg.js";
import syntaxNoInlineComment from "./syntax/no-inline-comment.js";
import syntaxNoLegacyKeyValue from "./syntax/no-legacy-key-value.js";
import syntaxNoMaintainer from "./syntax/no-maintainer.js";
import syntaxNoMultipleInstructions from "./syntax/no-multiple-instructions.js";
import syntaxNoParseError from "./syntax/no-parse-error.js";
import syntaxNoUndefinedVariable from "./syntax/no-undefined-variable.js";
import syntaxNoUnknownInstruction from "./syntax/no-unknown-instruction.js";
import syntaxSetCopyDestination from "./syntax/set-copy-destination.js";
import syntaxSetFrontendVersion from "./syntax/set-frontend-version.js";
import syntaxStartWithFrom from "./syntax/start-with-from.js";
import syntaxUseAbsoluteWorkdir from "./syntax/use-absolute-workdir.js";
import syntaxUseValidDirectives from "./syntax/use-valid-directives.js";
import syntaxUseValidFlags from "./syntax/use-valid-flags.js";
import syntaxUseValidImageReference from "./syntax/use-valid-image-reference.js";
import syntaxUseValidJsonForm from "./syntax/use-valid-json-form.js";
import syntaxUseValidOnbuild from "./syntax/use-valid-onbuild.js";
import syntaxUseValidPorts from "./syntax/use-valid-ports.js";
import syntaxUseValidStageName from "./syntax/use-valid-stage-name.js";
import syntaxUseValidStopSignal from "./syntax/use-valid-stop-signal.js";
import userKeepIntendedGroups from "./user/keep-intended-groups.js";
import userMakeEntrypointExecutable from "./user/make-entrypoint-executable.js";
import userMatchImageUser from "./user/match-image-user.js";
import userNoInsecureBuildStep from "./user/no-insecure-build-step.js";
import userNoPrivilegeBackdoor from "./user/no-privilege-backdoor.js";
import userNoPrivilegedGroups from "./user/no-privileged-groups.js";
import userNoRootStepsAfterUser from "./user/no-root-steps-after-user.js";
import userNoRootUser from "./user/no-root-user.js";
import userNoUnknownUser from "./user/no-unknown-user.js";
import userNoUnsafePermissions from "./user/no-unsafe-permissions.js";
import userOwnWritablePaths from "./user/own-writable-paths.js";
import userRequireUser from "./user/require-user.js";
import userSetCopyOwner from "./user/set-copy-owner.js";
import userSetUid from "./user/set-uid.js";
import userUseCreatedUser from "./user/use-created-user.js";
import userUseNoLogInit from "./user/use-no-log-init.js";

/** Every rule of the product in the order of ids. Generated from the files of this folder by `npm run generate`. */
export const rules: readonly Rule[] = [
  composeChooseImageOrBuild,
  composeDefineReferences,
  composeEnableDependencies,
  composeEscapeDollar,
  composeKeepOneBaseFile,
  composeNoConflictingKeys,
  composeNoDependencyCycle,
  composeNoDuplicateKeys,
  composeNoIgnoredKeys,
  composeNoLegacyKeys,
  composeNoReservedLabels,
  composeNoUnusedResources,
  composeNoVersion,
  composePatchExistingServices,
  composeQuoteAmbiguousScalars,
  composeReferenceExistingFiles,
  composeReplaceLists,
  composeRequireBuildFiles,
  composeSetImageOrBuild,
  composeSetProjectName,
  composeSetResourceSource,
  composeSetVariables,
  composeSetVariablesOnce,
  composeStayWithinLimits,
  composeUseKnownKeys,
  composeUsePortablePaths,
  composeUseUniqueContainerNames,
  composeUseUniqueMountTargets,
  composeUseValidExtends,
  composeUseValidInclude,
  composeUseValidInterpolation,
  composeUseValidNames,
  composeUseValidSchema,
  composeUseValidYaml,
  contextCopyExistingFiles,
  contextCopyNamedPaths,
  contextFollowGitignore,
  contextIgnoreGeneratedFiles,
  contextIgnoreSecrets,
  contextLimitSize,
  contextMatchNestedPaths,
  contextNoDeadPatterns,
  contextNoHiddenImageFiles,
  contextNoIgnoredCopy,
  contextNoUnreadIgnoreFile,
  contextRequireDockerignore,
  contextUseValidPatterns,
  healthInstallProbeTool,
  healthNoDisabledHealthcheck,
  healthNoMaskedFailure,
  healthProbeOwnPort,
  healthRequireHealthcheck,
  healthSetTimings,
  healthUseValidTest,
  healthWaitForHealthy,
  imagesNameBuiltImage,
  imagesNoEolBase,
  imagesNoFixedPlatform,
  imagesNoFloatingBuildArgs,
  imagesNoPlatformConflict,
  imagesNoRedundantPlatform,
  imagesNoSdkInFinal,
  imagesPinDigest,
  imagesPinTag,
  imagesPreferMinimalBase,
  imagesUseConsistentVersions,
  imagesUseTrustedRegistry,
  labelsLabelImage,
  labelsMatchBase,
  labelsNoBuildTimeOverlap,
  labelsNoDeploymentLabels,
  labelsNoDuplicateKey,
  labelsNoHardcodedBuildMetadata,
  labelsPreferOciKeys,
  labelsRequireLabels,
  labelsUseAllowedKeys,
  labelsUseValidKeys,
  labelsUseValidValues,
  layersConsolidateLayers,
  layersCopyInstallInputs,
  layersDeclareArgsLate,
  layersInstallBeforeCopy,
  layersNoArtifactInCacheMount,
  layersNoLateRemoval,
  layersNoUselessCacheMount,
  layersPreferAddForArchives,
  layersPreferBindMount,
  layersPreferCacheMount,
  layersPreferCopyOverAdd,
  layersSetPermissionsAtCopy,
  layersUseValidVolumes,
  layersVerifyRemoteAdd,
  networkBindInterface,
  networkDeclareNetworks,
  networkFitSubnet,
  networkIsolateDatastores,
  networkNoDebugPorts,
  networkNoHostNetwork,
  networkNoLocalhostPeer,
  networkNoLostPorts,
  networkNoPortClash,
  networkNoPrivilegedPorts,
  networkNoPublicDatastore,
  networkPublishListeningPort,
  networkReachService,
  networkUseValidPorts,
  packagesAssumeYes,
  packagesCleanLanguageCache,
  packagesCleanSystemCache,
  packagesInstallFromLockfile,
  packagesMatchAcceleratorVersion,
  packagesNoDeprecatedUsage,
  packagesNoFrontendEnv,
  packagesNoHostPackages,
  packagesNoInstallScripts,
  packagesNoLateCleanup,
  packagesNoRecommends,
  packagesNoRedundantInstall,
  packagesNoSystemPip,
  packagesNoUpgrade,
  packagesPinLanguageVersions,
  packagesPinSystemVersions,
  packagesPreferAptGet,
  packagesQuoteSpecifiers,
  packagesSetRuntimeEnv,
  packagesUpdateWithInstall,
  packagesUseAvailableManager,
  packagesUseTrustedIndex,
  packagesVerifySignatures,
  runtimeAgreeOnResources,
  runtimeDropCapabilities,
  runtimeHardenTmpfs,
  runtimeKeepData,
  runtimeLimitCpu,
  runtimeLimitLogs,
  runtimeLimitMemory,
  runtimeLimitPids,
  runtimeMountWritePaths,
  runtimeNoCgroupParent,
  runtimeNoDevMode,
  runtimeNoDockerSocket,
  runtimeNoHostDevices,
  runtimeNoHostMounts,
  runtimeNoHostNamespaces,
  runtimeNoLiftedLimits,
  runtimeNoPrivileged,
  runtimeNoRedundantCapabilities,
  runtimeNoSharedPropagation,
  runtimeNoSharedVolume,
  runtimeNoSourceMount,
  runtimeNoSshd,
  runtimeNoStrongCapabilities,
  runtimeNoUnconfinedProfile,
  runtimeReserveResources,
  runtimeSetNoNewPrivileges,
  runtimeSetReadOnly,
  runtimeSetRestart,
  runtimeStopGracefully,
  runtimeUseInit,
  runtimeUseValidSysctls,
  runtimeUseVolumeTiers,
  secretsMatchBuildSecrets,
  secretsNoBuildArgSecrets,
  secretsNoBuildStepKeys,
  secretsNoCommandSecrets,
  secretsNoCopiedCredentials,
  secretsNoEnvSecrets,
  secretsNoGeneratedKeys,
  secretsNoKnownTokens,
  secretsNoLateRemoval,
  secretsNoMountLeaks,
  secretsNoTrackedSecretFiles,
  secretsNoUrlCredentials,
  secretsNoWeakPasswords,
  secretsProtectMounts,
  secretsRequireMounts,
  secretsUseFileVariants,
  shellExecInEntrypoint,
  shellFailOnError,
  shellKeepCommand,
  shellNoBashisms,
  shellNoBrokenDownloads,
  shellNoEmulationHazards,
  shellNoGpuQueries,
  shellNoInstallAtStart,
  shellNoInteractiveCommands,
  shellNoLostState,
  shellNoParseError,
  shellNoPipeToShell,
  shellNoPointlessCommands,
  shellNoProgressBars,
  shellNoShellSyntaxInExec,
  shellNoSudo,
  shellNoSwallowedCommands,
  shellPassShellcheck,
  shellSetPipefail,
  shellSetShell,
  shellStopPowershellOnError,
  shellUseAvailableShell,
  shellUseExecForm,
  shellUseOneDownloadTool,
  shellUseSecureProtocols,
  shellUseWorkdir,
  shellVerifyDownloads,
  shellVerifyTls,
  stagesCopyExistingPaths,
  stagesMatchBuilderRuntime,
  stagesNameStages,
  stagesNoBuildToolsInFinal,
  stagesNoCircularDependency,
  stagesNoDevDependenciesInFinal,
  stagesNoEditableInstallInFinal,
  stagesNoIneffectiveMetadata,
  stagesNoSourceInFinal,
  stagesNoUnknownReference,
  stagesNoUnreachableStage,
  stagesNoUnusedContext,
  stagesNoWholeFilesystemCopy,
  stagesRequireMultiStage,
  stagesTargetShippedStage,
  styleBreakChainedCommands,
  styleDescribeDefinitions,
  styleIndentEvenly,
  styleLimitLines,
  styleLowercaseStageNames,
  styleNoInlineSuppression,
  styleNoStrayWhitespace,
  styleNoUnusedAnchors,
  styleOrderEpilogue,
  styleOrderServiceKeys,
  styleOrderTopLevel,
  stylePreferHeredoc,
  styleQuotePorts,
  styleSeparateBlocks,
  styleSortLists,
  styleSortServices,
  styleUnquoteVolumes,
  styleUseCanonicalValues,
  styleUseConsistentCasing,
  styleUseOneEnvironmentForm,
  syntaxDeclareBuildArgs,
  syntaxDeclareFromArgs,
  syntaxMatchEntrypointAndCmd,
  syntaxNoBrokenContinuation,
  syntaxNoCopyOutsideContext,
  syntaxNoDuplicateStage,
  syntaxNoIneffectiveArg,
  syntaxNoInlineComment,
  syntaxNoLegacyKeyValue,
  syntaxNoMaintainer,
  syntaxNoMultipleInstructions,
  syntaxNoParseError,
  syntaxNoUndefinedVariable,
  syntaxNoUnknownInstruction,
  syntaxSetCopyDestination,
  syntaxSetFrontendVersion,
  syntaxStartWithFrom,
  syntaxUseAbsoluteWorkdir,
  syntaxUseValidDirectives,
  syntaxUseValidFlags,
  syntaxUseValidImageReference,
  syntaxUseValidJsonForm,
  syntaxUseValidOnbuild,
  syntaxUseValidPorts,
  syntaxUseValidStageName,
  syntaxUseValidStopSignal,
  userKeepIntendedGroups,
  userMakeEntrypointExecutable,
  userMatchImageUser,
  userNoInsecureBuildStep,
  userNoPrivilegeBackdoor,
  userNoPrivilegedGroups,
  userNoRootStepsAfterUser,
  userNoRootUser,
  userNoUnknownUser,
  userNoUnsafePermissions,
  userOwnWritablePaths,
  userRequireUser,
  userSetCopyOwner,
  userSetUid,
  userUseCreatedUser,
  userUseNoLogInit,
];
