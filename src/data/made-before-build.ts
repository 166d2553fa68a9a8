/** Folders that hold what is compiled, bundled, tested or gathered before an image is built. Own collection, 2026-11. */
const FOLDERS: ReadonlySet<string> = new Set(
  (
    "_build _site .aws-sam .build .dart_tool .next .nuxt .output .svelte-kit artifact artifacts assets-dist bin build " +
    "bundle classes coverage cmake-build dist dist-newstyle generated install-root libs node_modules obj out output " +
    "package packages-dist pkg publish published rel release releases result rootfs staging target tmp vendor wheelhouse wheels"
  ).split(" "),
);

/** Endings of programs, libraries, packages and archives, and of keys that no repository holds. */
const ENDINGS: ReadonlySet<string> = new Set(
  (
    "7z a apk bin bz2 cer class crt deb dll dylib ear egg env exe gem gz img iso jar jks key keystore nupkg o p12 pem pfx " +
    "phar pkg pyc rpm so squashfs tar tgz wasm war whl xz zip zst"
  ).split(" "),
);

/**
 * Whether a path is, by its name, something that is made before an image is built, often by another job: it need not be
 * there where the Dockerfile is read. Paths are relative to the context; wildcards stand for themselves.
 */
export function isMadeBeforeBuild(path: string): boolean {
  const elements = path.split("/");
  if (elements.some((element) => FOLDERS.has(element.toLowerCase()))) return true;
  const name = elements.at(-1) ?? "";
  if (/^\.env(?:\.|$)/.test(name)) return true;
  const ending = name.slice(name.lastIndexOf(".") + 1).replace(/\*+$/, "");
  return name.includes(".") && ENDINGS.has(ending.toLowerCase());
}
