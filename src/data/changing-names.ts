/**
 * Names of build arguments that pipelines fill with something new for each build: commits, dates, numbers of runs, and
 * versions of what is built. Names of tools (`POETRY_VERSION`, `NODE_SHA256`) and of sources (`GIT_REPO`) are none of them.
 *
 * Sources: variables of GitHub Actions, GitLab CI, CircleCI, Jenkins, Azure Pipelines and Docker Hub builds, and the
 * arguments that docker/metadata-action and label-schema.org documents use in their examples, as known in 2026-11.
 */
const COMMIT =
  /^(?:.+_)?(?:GIT|VCS|SCM|GITHUB|CI|SOURCE|BUILD|DRONE|CIRCLE)_(?:(?:SHORT_)?(?:SHA1?|REF|HASH)|(?:SHORT_)?COMMIT(?:_(?:SHA|HASH|ID|REF|SHORT_SHA|DATE|TIME|TIMESTAMP|TAG))?|REV|REVISION|DESCRIBE|BRANCH|TAG|REF_NAME)$|^(?:(?:SHORT_)?SHA|COMMIT|COMMIT_(?:SHA|HASH|ID|REF|DATE|TIME)|COMMITHASH|GITCOMMIT|GITSHA|GITREV|REVISION|VCSREF|IMAGE_REVISION|APP_REVISION|APP_COMMIT)$/;
const MOMENT =
  /^(?:.+_)?BUILD_?(?:DATE|TIME|TIMESTAMP|DATETIME|NUMBER|NUM|NO|ID|NR|RUN|TAG|STAMP)$|^(?:.+_)?(?:CREATED|TIMESTAMP)$|^(?:NOW|DATE|CI_(?:JOB|PIPELINE)_ID|GITHUB_RUN_(?:ID|NUMBER))$/;
const RELEASE =
  /^(?:(?:APP|APPLICATION|BUILD|IMAGE|PROJECT|PACKAGE|PKG|SERVICE|RELEASE|PRODUCT)_?)?VERSION$|^RELEASE(?:_(?:TAG|NAME|DATE|ID))?$/;
/** Names that ask for it. */
const MEANT = /^CACHE_?BUST|^CACHE_|_CACHE_?BUST$|^SOURCE_DATE_EPOCH$/;
/** Defaults that stand for "given by the pipeline". */
const PLACEHOLDER =
  /^(?:|unknown|dev(?:el|elop|elopment)?|latest|none|n\/a|local|snapshot|unset|undefined|head|main|master|v?0\.0\.0.*|.*-(?:dev|snapshot)|unreleased|null|-)$/i;

/** Why a name changes: `commit` and `moment` with every build, `release` with every release. */
export type ChangingKind = "commit" | "moment" | "release";

/** Why the value of a name changes from build to build; undefined when its name does not say so. */
export function changingKind(name: string): ChangingKind | undefined {
  const upper = name.toUpperCase();
  if (MEANT.test(upper)) return undefined;
  if (COMMIT.test(upper)) return "commit";
  if (MOMENT.test(upper)) return "moment";
  return RELEASE.test(upper) ? "release" : undefined;
}

/** Whether a name asks to be changed so that what follows is built anew. */
export function isCacheBuster(name: string): boolean {
  return MEANT.test(name.toUpperCase());
}

/** Whether a default only stands for a value that the pipeline brings. */
export function isPlaceholder(value: string): boolean {
  return PLACEHOLDER.test(value);
}
