import type { ComposeFile, ComposeProject, Service, Variant } from "../compose/model.js";
import type { BuildContext, Context } from "../context/context.js";
import type { Reach } from "../context/reach.js";
import type { BaseImageFacts } from "../data/base-image-model.js";
import type { Role } from "../data/roles.js";
import type { EvaluatedDockerfile, EvaluatedStage, Step } from "../dockerfile/evaluate.js";
import type {
  AddInstruction,
  CmdInstruction,
  CopyInstruction,
  Dockerfile,
  EntrypointInstruction,
  HealthcheckInstruction,
  Heredoc,
  RunInstruction,
  Stage,
} from "../dockerfile/model.js";
import type { ScriptFacts } from "../shell/fact-model.js";
import type { Invocation, Script } from "../shell/model.js";
import type { PackageCommand } from "../shell/package-model.js";
import type { Range, Source } from "../text/source.js";
import type { ImageReference } from "../values/image-reference.js";

/** Answers of a model that may not know. */
export type Certainty = "yes" | "no" | "unknown";

/** One Dockerfile (or `dockerfile_inline`) with the builds that use it. */
export interface DockerfileView {
  /** The text itself: for an inline Dockerfile the embedded source. Ranges of the model point into the file people see. */
  readonly source: Source;
  readonly dockerfile: Dockerfile;
  /** At least one: a Dockerfile that no Compose service builds has a build of its own. */
  readonly builds: readonly Build[];
  /** Role of the file by its name, folder, comment or the policy. */
  readonly role: Role;
  /** Stages that some build ships as its target. */
  readonly targets: readonly Stage[];
}

/** One planned build: context, Dockerfile, target and args. Services that agree in all of them share one. */
export interface Build {
  /** What reports call it: `api (compose.yaml)` for each service, or the path of a Dockerfile that stands alone. Sorted. */
  readonly labels: readonly string[];
  readonly dockerfile: DockerfileView;
  readonly context: Context;
  readonly evaluated: EvaluatedDockerfile;
  /** `--target` or `build.target` as known; undefined when none is given. */
  readonly targetName: string | undefined;
  /** All stages of the Dockerfile in order, evaluated with the args of this build. */
  readonly stages: readonly StageView[];
  /**
   * What stands above the first FROM as if it were a stage, where anything but ARG does: only rules that
   * hook stages are asked about it. On an unknown base, in `stages`, `chain` and `closure` of nothing; it counts as shipped.
   */
  readonly fragment: StageView | undefined;
  /** Stage that ships; undefined when the file has no stage, or `build.target` names none. */
  readonly target: StageView | undefined;
  /** `target` and the local stages that it is made from, target first. */
  readonly chain: readonly StageView[];
  /** Chain and every stage that it takes files from. */
  readonly closure: ReadonlySet<StageView>;
  /** Services that run this build; empty for a Dockerfile standing alone. */
  readonly services: readonly Service[];
  readonly role: Role;
  /** Files and globs of the context that the stages of the closure take, with the word that names each. */
  readonly reach: Reach;
  /** Other builds of this project whose context has the same ignore file, this one included. */
  readonly sharingIgnoreFile: readonly Build[];
}

/** Where a stage's effective setting comes from. */
export type Origin =
  | { readonly kind: "instruction"; readonly stage: StageView; readonly step: Step }
  /** Known of the external base. */
  | { readonly kind: "base"; readonly facts: BaseImageFacts }
  /** Nothing sets it, and the base is known not to. */
  | { readonly kind: "nothing" }
  /** Nothing here sets it, and the base may. */
  | { readonly kind: "unknown" };

/** User in effect at some point. */
export interface UserState {
  readonly origin: Origin;
  /** As written, evaluated: `app`, `1000:1000`; undefined when unknown. */
  readonly text: string | undefined;
  /** Name before the colon; undefined when numeric or unknown. */
  readonly name: string | undefined;
  /** Number, also when a name is resolved through accounts created in the chain or known of the base. */
  readonly uid: number | undefined;
  readonly group: string | undefined;
  readonly isRoot: Certainty;
  /** The argument of USER, when an instruction sets it. */
  readonly range: Range | undefined;
}

/** An account or group known to exist at the end of a stage. */
export interface KnownAccount {
  readonly kind: "user" | "group";
  readonly name: string;
  /** UID or GID; undefined when the system chooses it. */
  readonly id: number | undefined;
  /** Where it is created; undefined for one that the base brings. */
  readonly range: Range | undefined;
  /** The value of `-u` or `-g`, when written. */
  readonly idRange: Range | undefined;
  readonly stage: StageView | undefined;
}

/** A user that is created with a number that another one has, so that the build stops there. */
export interface UidClash {
  readonly account: KnownAccount;
  readonly taken: KnownAccount;
}

/** Accounts of a stage. `isComplete`: a name that is not listed is sure not to exist. */
export interface AccountTable {
  readonly accounts: readonly KnownAccount[];
  readonly clashes: readonly UidClash[];
  readonly isComplete: boolean;
  /** Whether `/etc/passwd` is there at all: `no` on scratch and static bases. */
  readonly hasPasswd: Certainty;
  user(name: string): KnownAccount | undefined;
  group(name: string): KnownAccount | undefined;
}

/** A RUN of a stage, with what its commands do. Nothing is parsed before it is asked for. */
export interface RunView {
  readonly instruction: RunInstruction;
  readonly step: Step;
  readonly stage: StageView;
  /** From an ONBUILD of a parent, or inside an ONBUILD of this file. */
  readonly isOnbuild: boolean;
  /** Undefined in exec form. */
  readonly script: Script | undefined;
  /** Commands in order, nested scripts and exec form included. */
  readonly commands: readonly Invocation[];
  readonly facts: ScriptFacts;
  /** SHELL in effect; undefined for the platform's own. */
  readonly shell: readonly string[] | undefined;
  /** Those of `commands` that drive a package manager. */
  readonly packages: readonly PackageCommand[];
  /** Absolute targets of `--mount=type=cache|tmpfs|bind|secret` by type; unknown targets are left out. */
  mountTargets(type: string): readonly string[];
  /** User that runs it. */
  readonly user: UserState;
  /** Absolute; undefined when unknown. */
  readonly workdir: string | undefined;
}

/** A COPY or ADD of a stage with its evaluated words. */
export interface CopyView {
  readonly instruction: CopyInstruction | AddInstruction;
  readonly step: Step;
  readonly stage: StageView;
  readonly isOnbuild: boolean;
  /** What the sources are relative to. */
  readonly from:
    | { readonly kind: "context" }
    | { readonly kind: "stage"; readonly stage: StageView }
    | { readonly kind: "image"; readonly reference: string }
    | { readonly kind: "named-context"; readonly name: string }
    | { readonly kind: "unknown" };
  /** Evaluated sources of kind path; `path` undefined when unknown. `kind` tells remote ones apart. */
  readonly sources: readonly {
    readonly kind: "path" | "url" | "git" | "heredoc";
    readonly path: string | undefined;
    readonly range: Range;
    readonly heredoc: Heredoc | undefined;
  }[];
  /** Absolute, without trailing slash; undefined when unknown. */
  readonly destination: string | undefined;
  /** The destination is certain to be a folder: several sources, or a trailing slash. */
  readonly isFolder: boolean;
  readonly destinationRange: Range | undefined;
  /** `--chown`, evaluated; undefined when absent, `{ text: undefined }` when unknown. */
  readonly chown: { readonly text: string | undefined; readonly range: Range } | undefined;
  readonly user: UserState;
}

/** The command of ENTRYPOINT, CMD or HEALTHCHECK in effect. */
export interface CommandView {
  readonly instruction: EntrypointInstruction | CmdInstruction | HealthcheckInstruction;
  readonly stage: StageView;
  readonly step: Step;
  /** What runs: nested scripts included. Empty for an emptied command. */
  readonly commands: readonly Invocation[];
  /** Undefined in exec form. */
  readonly script: Script | undefined;
  /** Exec-form words; undefined in shell form. */
  readonly argv: readonly string[] | undefined;
}

/** The health check in effect. */
export type HealthcheckState =
  | {
      readonly kind: "check";
      readonly view: CommandView;
      readonly instruction: HealthcheckInstruction;
      readonly stage: StageView;
    }
  | { readonly kind: "disabled"; readonly instruction: HealthcheckInstruction; readonly stage: StageView }
  /** The base brings one. */
  | { readonly kind: "base" }
  | { readonly kind: "absent" }
  /** None is written, and nobody knows what the base brings. */
  | { readonly kind: "unknown" };

/** A stage as one build sees it. */
export interface StageView {
  readonly build: Build;
  readonly stage: Stage;
  readonly evaluated: EvaluatedStage;
  readonly index: number;
  /** Lower case; undefined without AS. */
  readonly name: string | undefined;
  /** For messages: the name as written, else `stage 2` (0-based, as the builder counts). */
  readonly label: string;
  /** Role of the name (`dev`, `test`, `lint`); undefined when it has none. */
  readonly namedRole: Role | undefined;
  /** The target or in its FROM chain. */
  readonly isShipped: boolean;
  /** Reached by the target at all. */
  readonly isReached: boolean;
  /** The local stage of FROM; also the target of another service's build whose image FROM names. */
  readonly parent: StageView | undefined;
  /** This stage and its parents down to the external base; this one first. Crosses into other builds (project images). */
  readonly lineage: readonly StageView[];
  /** External image at the bottom of the lineage, parsed; undefined for scratch, unresolved and malformed ones. */
  readonly image: ImageReference | undefined;
  /** What is known of that image; undefined when nothing is. */
  readonly facts: BaseImageFacts | undefined;
  /** The lineage ends in `FROM scratch`. */
  readonly isScratch: boolean;
  readonly isWindows: boolean;
  /** SHELL in effect at the end of the stage; undefined for the platform's own. */
  readonly shell: readonly string[] | undefined;
  readonly runs: readonly RunView[];
  readonly copies: readonly CopyView[];
  /** Runs and copies of the stage in the order of the file. */
  readonly layers: readonly (
    | { readonly kind: "run"; readonly run: RunView }
    | { readonly kind: "copy"; readonly copy: CopyView }
  )[];
  /** User at the end of the stage. */
  readonly user: UserState;
  readonly workdir: string | undefined;
  readonly entrypoint: CommandView | undefined;
  readonly command: CommandView | undefined;
  readonly healthcheck: HealthcheckState;
  readonly accounts: AccountTable;
  /** Whether a program is found on PATH at the end of the stage; `unknown` unless all installs of the lineage are understood. */
  hasCommand(name: string): Certainty;
  readonly hasShell: Certainty;
  /** ENTRYPOINT or CMD gives root up by itself (gosu, su-exec, setpriv, …, or a base known to). */
  readonly dropsPrivileges: Certainty;
  /** Neither CMD nor ENTRYPOINT, on scratch, nothing but COPY and ADD: made to be exported. */
  readonly isExport: boolean;
  /** Range to report what the stage lacks: the image of its FROM. */
  readonly anchor: Range;
}

/** What a service runs in. */
export type RunningImage =
  /** Built here, or an image that another service of the project builds. */
  | { readonly kind: "stage"; readonly stage: StageView }
  /** Pulled; `facts` undefined when nothing is known of it. */
  | { readonly kind: "pulled"; readonly reference: ImageReference; readonly facts: BaseImageFacts | undefined }
  | { readonly kind: "unknown" };

/** Everything that is linked with each other: Compose projects, the Dockerfiles they build, and their contexts. */
export interface Project {
  readonly dockerfiles: readonly DockerfileView[];
  readonly builds: readonly Build[];
  readonly contexts: readonly BuildContext[];
  readonly composeProjects: readonly ComposeProject[];
  readonly composeFiles: readonly ComposeFile[];
  readonly variants: readonly Variant[];
  /** Build of a service; undefined without `build`, or when its Dockerfile cannot be read. */
  buildOf(service: Service): Build | undefined;
  imageOf(service: Service): RunningImage;
  /** The build whose service names this image as its output; normalised name and tag. */
  builtBy(reference: ImageReference): Build | undefined;
  /** Builds that use a context. */
  buildsOf(context: BuildContext): readonly Build[];
  /** Text of a file inside the workspace, for evidence; undefined when absent, unreadable or outside. */
  read(file: string): Source | undefined;
  exists(file: string): boolean;
  /** What stands at a path, links followed; a link to nowhere counts as a file. */
  kindOf(path: string): "file" | "folder" | undefined;
  /** Names in a folder; undefined when it cannot be listed, or lies outside of the workspace. */
  namesIn(folder: string): readonly string[] | undefined;
  /** Whether the mode of a file lets every user of the host read it; false for what is no file, or outside. */
  isReadableByOthers(file: string): boolean;
  /** Whether git ignores a path (absolute); false without a repository. */
  isGitIgnored(file: string): boolean;
  /** Path for messages: relative to the working directory, with `/`. */
  display(file: string): string;
}
