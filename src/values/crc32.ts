let table: Uint32Array | undefined;

/**
 * CRC-32 (polynomial 0xEDB88320, as in gzip) of an ASCII text, as an unsigned 32-bit number.
 *
 * @see https://www.rfc-editor.org/rfc/rfc1952#section-8
 */
export function crc32(text: string): number {
  table ??= makeTable();
  let crc = 0xffffffff;
  for (let index = 0; index < text.length; index++) {
    crc = (table[(crc ^ text.charCodeAt(index)) & 0xff] ?? 0) ^ (crc >>> 8);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

function makeTable(): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    let entry = byte;
    for (let bit = 0; bit < 8; bit++) entry = (entry & 1) === 1 ? (entry >>> 1) ^ 0xedb88320 : entry >>> 1;
    return entry;
  });
}
