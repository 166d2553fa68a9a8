import { type DialectReader, type DirectiveScope, directive, malformed, namesIn, reasonIn } from "./directive.js";

const CHECKOV = /(?:checkov|bridgecrew):skip=([A-Za-z0-9_,]+)/;
const CHECKOV_SLIP = /^#+\s*(?:checkov|bridgecrew)[\s:]+skip[\s:=]+(CKV2?_[A-Z]+_\d+)/i;
const TRIVY_SLIP = /^#+\s*trivy[\s:]+ignore[\s:=]+((?:AVD-)?DS-?\d+)/i;
const KICS_SLIP = /^#+\s*kics-scan\s+((?:ign|disab)[a-z-]*)/;
const TRIVY = /trivy:ignore:([A-Za-z0-9_*-]+)/g;
const KICS = /^#+\s*kics-scan\s+(ignore-line|ignore-block|ignore|disable\s*=([0-9A-Za-z,\s-]+))$/;
const NOSEMGREP = /(?:^#+\s*|\s)nosem(?:grep)?(?:\s*:([\w.,\s/-]+))?$/;

/**
 * `# checkov:skip=CKV_DOCKER_2:reason`, anywhere in the comment; the whole file, as checkov takes it for Dockerfiles.
 *
 * @see https://www.checkov.io/2.Basics/Suppressing%20and%20Skipping%20Policies.html
 */
export const readCheckov: DialectReader = (comment) => {
  const match = CHECKOV.exec(comment);
  const list = match?.[1];
  if (match === null || list === undefined) {
    const id = comment.includes("skip") ? CHECKOV_SLIP.exec(comment)?.[1] : undefined;
    return id === undefined ? undefined : malformed(`Checkov does not read this; write \`# checkov:skip=${id}\``);
  }
  const start = match.index + match[0].length - list.length;
  const reason = reasonIn(comment.slice(match.index + match[0].length));
  return directive({ dialect: "checkov", scope: "file", names: namesIn(list, start), everything: false, reason });
};

/**
 * `#trivy:ignore:DS-0002`, several of them in one comment too. An expiry date (`:exp:2027-01-31`) is not looked at: the
 * same input gives the same findings on any day.
 *
 * @see https://trivy.dev/latest/docs/scanner/misconfiguration/#ignoring-checks-by-comments
 */
export const readTrivy: DialectReader = (comment) => {
  if (!comment.includes("trivy:ignore:")) {
    const slip = comment.includes("trivy") ? TRIVY_SLIP.exec(comment)?.[1] : undefined;
    return slip === undefined ? undefined : malformed(`Trivy does not read this; write \`# trivy:ignore:${slip}\``);
  }
  const names = [...comment.matchAll(TRIVY)].map(({ index, 0: whole, 1: id = "" }) => {
    return { text: id, start: index + whole.length - id.length };
  });
  return directive({ dialect: "trivy", scope: "target", names, everything: false, reason: undefined });
};

/**
 * `# kics-scan ignore-line`, `ignore-block`, `ignore` (the file) and `disable=ID,…` (queries, in the whole file).
 *
 * @see https://docs.kics.io/latest/running-kics/#using_commands_on_scanned_files_as_comments
 */
export const readKics: DialectReader = (comment) => {
  if (!comment.includes("kics-scan")) return undefined;
  const match = KICS.exec(comment.trimEnd());
  if (match === null) {
    const word = KICS_SLIP.exec(comment)?.[1];
    return word === undefined
      ? undefined
      : malformed(`KICS does not read \`${word}\` here; it knows ignore-line, ignore-block, ignore and disable=`);
  }
  const [whole, word = "", ids] = match;
  const names = ids === undefined ? [] : namesIn(ids, whole.length - ids.length);
  return directive({
    dialect: "kics",
    scope: kicsScope(word),
    names,
    everything: ids === undefined,
    reason: undefined,
  });
};

function kicsScope(word: string): DirectiveScope {
  if (word === "ignore-line") return "target";
  return word === "ignore-block" ? "block" : "file";
}

/**
 * `# nosemgrep` and `# nosemgrep: rule-id, …`, on the line itself or the line before; ids may be dotted paths.
 *
 * @see https://semgrep.dev/docs/ignoring-files-folders-code
 */
export const readSemgrep: DialectReader = (comment) => {
  const match = NOSEMGREP.exec(comment);
  if (match === null) return undefined;
  const list = match[1] ?? "";
  const names = namesIn(list, match.index + match[0].length - list.length).map(({ text, start }) => {
    // `dockerfile.security.missing-user.missing-user`: the last part is the id.
    const last = text.lastIndexOf(".") + 1;
    return { text: text.slice(last), start: start + last };
  });
  return directive({ dialect: "semgrep", scope: "target", names, everything: names.length === 0, reason: undefined });
};
