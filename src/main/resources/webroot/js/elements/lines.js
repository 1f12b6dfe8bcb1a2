import { el } from '../base/dom.js';
import { Panel } from '../base/panel.js';
import { pieces } from '../base/visible.js';

const MOST_LINES = 2_000;
const LONGEST_LINE = 4_000;

/**
 * Shows lines as they come: the last 2000, text alone, hiding characters as escapes. It follows the end as long as the
 * reader is there.
 */
export class Lines extends Panel {
  #waiting = [];
  #frame = 0;
  #follows = true;

  build() {
    this.tabIndex = 0;
    // every line read aloud would be a flood
    this.setAttribute('role', 'log');
    this.setAttribute('aria-live', 'off');
    this.addEventListener('scroll', () => this.#noteScroll(), { passive: true });
  }

  /** Whether new lines are scrolled into view. */
  get follows() {
    return this.#follows;
  }

  set follows(follows) {
    this.#follows = follows;
    if (follows) {
      this.scrollTop = this.scrollHeight;
    }
  }

  /** Adds a line, with what stands before it; `kind` `note` is for what Argus says itself. */
  add(text, { before = '', kind = 'line' } = {}) {
    this.#waiting.push({ text, before, kind });
    if (this.#waiting.length > 2 * MOST_LINES) {
      // a hidden page draws nothing, and what is too much would never be seen
      this.#waiting.splice(0, MOST_LINES);
    }
    this.#frame ||= requestAnimationFrame(() => this.#draw());
  }

  /** Takes all lines away. */
  clear() {
    this.#waiting = [];
    this.replaceChildren();
    this.follows = true;
  }

  #draw() {
    this.#frame = 0;
    const drawn = document.createDocumentFragment();
    this.#waiting.slice(-MOST_LINES).forEach((line) => drawn.append(lineElement(line)));
    this.#waiting = [];
    this.append(drawn);
    const tooMany = this.childElementCount - MOST_LINES;
    for (let i = 0; i < tooMany; i++) {
      this.firstElementChild.remove();
    }
    if (this.#follows) {
      this.scrollTop = this.scrollHeight;
    }
  }

  #noteScroll() {
    const atEnd = this.scrollTop + this.clientHeight >= this.scrollHeight - 8;
    if (atEnd !== this.#follows) {
      this.#follows = atEnd;
      this.dispatchEvent(new Event('follows'));
    }
  }
}

function lineElement({ text, before, kind }) {
  const shown = text.length > LONGEST_LINE ? text.slice(0, LONGEST_LINE) : text;
  const parts = pieces(shown).map((piece) => (piece.escape ? el('span', { class: 'escape' }, piece.text) : piece.text));
  const rest = text.length - shown.length;
  return el(
    'div',
    { class: kind },
    before && el('span', { class: 'line-before' }, before, ' '),
    parts,
    rest > 0 && el('span', { class: 'escape' }, ` … ${rest} more characters`),
  );
}

customElements.define('argus-lines', Lines);
