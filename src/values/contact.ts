const MAIL = /^[^\s@<>",;:]{1,64}@[\p{L}\p{N}](?:[\p{L}\p{N}.-]{0,251}[\p{L}\p{N}])?$/u;
const LONGEST = 1000;

/** Whether a text is a plausible mail address: one `@`, a domain without empty labels. Mailboxes are not looked up. */
export function isMailAddress(text: string): boolean {
  return text.length <= 320 && MAIL.test(text) && !/\.\.|\.-|-\./.test(text.slice(text.indexOf("@")));
}

/**
 * Whether a text names a person or group to write to: a name, `name <mail>`, a mail address or a web address; several
 * with commas or semicolons between them.
 */
export function isContact(text: string): boolean {
  if (text.length > LONGEST) return false;
  const people = text.split(/[,;]/).map((person) => person.trim());
  return people.every(isOnePerson);
}

function isOnePerson(text: string): boolean {
  if (/^https?:\/\/\S+$/i.test(text)) return true;
  const angle = text.indexOf("<");
  if (angle >= 0) return text.endsWith(">") && isMailOrAddress(text.slice(angle + 1, -1).trim());
  if (text.includes("@") && !/^@[\w-]+$/.test(text)) return isMailAddress(text.replace(/^mailto:/i, ""));
  // A name has a letter; `123` and `-` are left-overs.
  return /\p{L}/u.test(text);
}

function isMailOrAddress(text: string): boolean {
  return isMailAddress(text) || /^https?:\/\/\S+$/i.test(text);
}
