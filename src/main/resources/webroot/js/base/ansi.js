/* Colours that programs write into their logs. Only colours, bold and dim are taken; every other control stays an escape. */

import { pieces } from './visible.js';

const SGR = /\x1b\[([0-9;]*)m/g;
const NAMES = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];

/** What a line looks like before the first colour. */
export const PLAIN = Object.freeze({ colour: null, bold: false, dim: false });

/**
 * The text in pieces `{text, escape, style}`, from left to right; `style` is `{colour, bold, dim}` with a name of a colour or
 * null. Pure.
 */
export function styled(text) {
  const found = [];
  let style = PLAIN;
  let from = 0;
  const take = (part) => found.push(...pieces(part).map((piece) => ({ ...piece, style })));
  for (const match of text.matchAll(SGR)) {
    take(text.slice(from, match.index));
    style = changed(style, match[1].split(';').map(Number));
    from = match.index + match[0].length;
  }
  take(text.slice(from));
  return found;
}

function changed(before, codes) {
  let style = { ...before };
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i];
    if (code === 0) {
      style = { ...PLAIN };
    } else if (code === 1) {
      style.bold = true;
    } else if (code === 2) {
      style.dim = true;
    } else if (code === 22) {
      style.bold = style.dim = false;
    } else if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97)) {
      style.colour = NAMES[code % 10];
    } else if (code === 39) {
      style.colour = null;
    } else if (code === 38 || code === 48) {
      // colours out of 256 or by their parts are not taken, and what describes them is no colour of its own
      i += codes[i + 1] === 5 ? 2 : codes[i + 1] === 2 ? 4 : 0;
    }
  }
  return style;
}
