// Filled in by the build from package.json; running from sources there is no version to name.
declare const PLIMSOLL_VERSION: string | undefined;
declare const PLIMSOLL_HOMEPAGE: string | undefined;

/** Version of this program. */
export const VERSION: string = typeof PLIMSOLL_VERSION === "string" ? PLIMSOLL_VERSION : "0.0.0";

/** Web address of the project, without a trailing slash. */
export const HOMEPAGE: string = typeof PLIMSOLL_HOMEPAGE === "string" ? PLIMSOLL_HOMEPAGE : "https://example.invalid";
