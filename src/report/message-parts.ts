/** A stretch of a message: prose, or what the message has in backticks. */
export interface MessagePart {
  readonly isCode: boolean;
  /** Without the backticks around code. */
  readonly text: string;
}

/** Splits a message at its backticks; one without a partner, and a pair around nothing, stay part of the prose. */
export function messageParts(message: string): readonly MessagePart[] {
  const pieces = message.split("`");
  const parts: MessagePart[] = [];
  let prose = pieces[0] ?? "";
  for (let index = 1; index < pieces.length; index += 2) {
    const inside = pieces[index] ?? "";
    const after = pieces[index + 1];
    if (after === undefined || inside === "") {
      prose += `\`${inside}${after === undefined ? "" : `\`${after}`}`;
      continue;
    }
    if (prose !== "") parts.push({ isCode: false, text: prose });
    parts.push({ isCode: true, text: inside });
    prose = after;
  }
  if (prose !== "") parts.push({ isCode: false, text: prose });
  return parts;
}
