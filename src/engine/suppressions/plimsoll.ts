import { type DialectReader, directive, malformed, namesIn } from "./directive.js";

// After a dash a word that begins like one of ours is meant to be it; after a blank it may be the verb of a sentence.
const ADDRESSED =
  /^#+\s*plimsoll(?:-((?:ign|disa|skip)[a-z-]*)|(?::\s*|\s+)((?:ignore|disable|skip)(?:-[a-z-]+)?)(?=[\s=:,]|$))/;
const OWN = /^#+\s*plimsoll-(ignore|ignore-file)(?=\s|$)/;

/**
 * `# plimsoll-ignore RULE[, RULE…] -- reason` and `# plimsoll-ignore-file …`. Rules are ids, `rule#kind`, aliases or
 * patterns. What looks like one of these and is not is malformed, not ignored.
 */
export const readPlimsoll: DialectReader = (comment) => {
  if (!comment.includes("plimsoll")) return undefined;
  const match = OWN.exec(comment);
  if (match === null) {
    const addressed = ADDRESSED.exec(comment);
    if (addressed === null) return undefined;
    const [plain] = addressed;
    const whole = comment[plain.length] === ":" ? `${plain}:` : plain;
    return malformed(
      `no comment \`${whole.replace(/^#+\s*/, "")}\`; write \`plimsoll-ignore\` or \`plimsoll-ignore-file\``,
    );
  }
  const start = match[0].length;
  const rest = comment.slice(start);
  const dashes = /(?:^|\s)--+(?=\s|$)/.exec(rest);
  const list = dashes === null ? rest : rest.slice(0, dashes.index);
  const reason = dashes === null ? "" : rest.slice(dashes.index + dashes[0].length).trim();
  const names = namesIn(list, start, /,/g);
  if (names.length === 0) return malformed("the comment names no rule; write `plimsoll-ignore RULE -- reason`");
  const loose = names.find(({ text }) => /\s/.test(text));
  if (loose !== undefined) {
    const [first = ""] = loose.text.split(/\s/);
    return malformed(`what follows \`${first}\` is no rule; write commas between rules and \`--\` before a reason`);
  }
  const scope = match[1] === "ignore-file" ? "file" : "target";
  return directive({
    dialect: "plimsoll",
    scope,
    names,
    everything: false,
    reason: reason === "" ? undefined : reason,
  });
};
