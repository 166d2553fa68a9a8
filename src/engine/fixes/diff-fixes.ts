import { printable } from "../../text/printable.js";
import { maskSecrets } from "../../values/secret-spans.js";
import { SECRET_MASK } from "../../values/secret-value.js";
import type { FixedFile } from "./fix-files.js";

/** Shorter secrets are masked too, but only as whole words: they are parts of other words. */
const LONG_SECRET = 6;

/**
 * Fixed files as one unified diff with three lines of context; empty when nothing changed. Secrets are masked, so a hunk
 * near one cannot be applied with `patch`.
 */
export async function diffFixes(files: readonly FixedFile[]): Promise<string> {
  if (files.length === 0) return "";
  const { createTwoFilesPatch } = await import("diff");
  return files
    .map(({ path, before, after, secrets }) => {
      const old = mask(before ?? "", secrets);
      const shown = printable(path);
      const name = before === undefined ? "/dev/null" : `a/${shown}`;
      const patch = createTwoFilesPatch(name, `b/${shown}`, old, mask(after, secrets), undefined, undefined, {
        context: 3,
      });
      return patch.replace(/^=+\n/, "");
    })
    .join("");
}

function mask(text: string, secrets: readonly string[]): string {
  let masked = maskSecrets(text, secrets);
  // Longest first: a secret can be part of another one.
  for (const secret of [...secrets].sort((a, b) => b.length - a.length)) {
    if (secret.trim() === "") continue;
    if (secret.length >= LONG_SECRET || secret.includes("\n")) masked = maskedLines(masked, secret);
    else masked = maskedWords(masked, secret);
  }
  return masked;
}

/** Keeps the line breaks of a secret of several lines, so that lines stay aligned. */
function maskedLines(text: string, secret: string): string {
  return text.replaceAll(secret, () => secret.replace(/[^\r\n]+/g, SECRET_MASK));
}

function maskedWords(text: string, secret: string): string {
  let result = "";
  let position = 0;
  for (let found = text.indexOf(secret); found !== -1; found = text.indexOf(secret, found + secret.length)) {
    const isWord = !isWordCharacter(text.charAt(found - 1)) && !isWordCharacter(text.charAt(found + secret.length));
    result += text.slice(position, found) + (isWord ? SECRET_MASK : secret);
    position = found + secret.length;
  }
  return result + text.slice(position);
}

function isWordCharacter(character: string): boolean {
  return /\w/.test(character);
}
