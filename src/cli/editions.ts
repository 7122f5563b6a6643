/**
 * `<!-- edition:2 -->…<!-- /edition -->` is there from edition 2 on, `<!-- edition:1 only -->…<!-- /edition -->` in
 * edition 1 alone.
 */
const BLOCK = /<!-- edition:(\d+)( only)? -->(.*?)<!-- \/edition -->/gs;

/**
 * A fixture as it is in one edition, with some ASCII texts replaced. Works on bytes: no byte of a marker can be part
 * of a character in UTF-8, EUC-KR, Shift_JIS, GB18030 or Big5, whose second bytes are letters, digits and a few signs,
 * never `<` or `-`.
 */
export function editionOf(
  file: Uint8Array,
  edition: number,
  replacements: Readonly<Record<string, string>> = {},
): Buffer {
  // latin1 keeps every byte as one character, there and back.
  let text = Buffer.from(file).toString('latin1');
  text = text.replaceAll(BLOCK, (_block, first: string, only: string | undefined, inside: string) => {
    const shown = only === undefined ? edition >= Number(first) : edition === Number(first);
    return shown ? inside : '';
  });
  for (const [from, to] of Object.entries(replacements)) text = text.replaceAll(from, () => to);
  return Buffer.from(text, 'latin1');
}
