/*
 * Text that comes from services, repositories and people may hold characters that hide, reorder or forge what is read.
 * Here they become their escapes, so that everybody sees what is really there.
 */

// Controls but the tab, soft hyphen, marks and overrides of direction, zero-width and format characters, line separators,
// tags, and halves of surrogate pairs. The joiners U+200C and U+200D stay: scripts and emoji need them.
const HIDING =
  /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]|\p{Surrogate}/gu;

const SHORT = new Map([['\n', '\\n'], ['\r', '\\r']]);

function escaped(character) {
  const code = character.codePointAt(0);
  const hex = code.toString(16);
  if (SHORT.has(character)) {
    return SHORT.get(character);
  }
  if (code > 0xffff) {
    return `\\u{${hex}}`;
  }
  return code < 0x100 ? `\\x${hex.padStart(2, '0')}` : `\\u${hex.padStart(4, '0')}`;
}

/** The text with every hiding character replaced by its escape. */
export function visible(text) {
  return String(text).replace(HIDING, escaped);
}

/** The text in pieces `{text, escape}`, for showing the escapes in a style of their own. */
export function pieces(text) {
  const found = [];
  let from = 0;
  for (const match of String(text).matchAll(HIDING)) {
    if (match.index > from) {
      found.push({ text: text.slice(from, match.index), escape: false });
    }
    found.push({ text: escaped(match[0]), escape: true });
    from = match.index + match[0].length;
  }
  if (from < text.length) {
    found.push({ text: text.slice(from), escape: false });
  }
  return found;
}
