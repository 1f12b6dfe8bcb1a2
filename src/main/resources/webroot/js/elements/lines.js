import { styled } from '../base/ansi.js';
import { el } from '../base/dom.js';
import { Panel } from '../base/panel.js';

const MOST_LINES = 2_000;
const LONGEST_LINE = 4_000;

/**
 * Shows lines as they come: the last 2000, in their colours, hiding characters as escapes. It follows the end as long as the
 * reader is there, can be paused, and can be told to show only lines with a text.
 */
export class Lines extends Panel {
  #waiting = [];
  #frame = 0;
  #follows = true;
  #paused = false;
  #wanted = '';

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

  /** While it is paused nothing moves; what comes is added afterwards. */
  set paused(paused) {
    this.#paused = paused;
    this.#soon();
  }

  /** Shows only the lines that have this text, whatever the case of its letters; all of them when it is empty. */
  set wanted(text) {
    this.#wanted = text.toLowerCase();
    [...this.children].forEach((line) => this.#sift(line));
    if (this.#follows) {
      this.scrollTop = this.scrollHeight;
    }
  }

  /** How many lines there are, and how many of them are shown. */
  get counts() {
    const all = this.childElementCount;
    return { all, shown: this.#wanted === '' ? all : all - this.querySelectorAll(':scope > [hidden]').length };
  }

  #sift(line) {
    line.hidden = this.#wanted !== '' && !line.textContent.toLowerCase().includes(this.#wanted);
  }

  /** Adds a line, with what stands before it; `kind` `note` is for what Argus says itself. */
  add(text, { before = '', kind = 'line' } = {}) {
    this.#waiting.push({ text, before, kind });
    if (this.#waiting.length > 2 * MOST_LINES) {
      // a hidden page draws nothing, and what is too much would never be seen
      this.#waiting.splice(0, MOST_LINES);
    }
    this.#soon();
  }

  #soon() {
    if (!this.#paused && this.#waiting.length > 0) {
      this.#frame ||= requestAnimationFrame(() => this.#draw());
    }
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
    for (const line of this.#waiting.slice(-MOST_LINES)) {
      const element = lineElement(line);
      this.#sift(element);
      drawn.append(element);
    }
    this.#waiting = [];
    this.append(drawn);
    const tooMany = this.childElementCount - MOST_LINES;
    for (let i = 0; i < tooMany; i++) {
      this.firstElementChild.remove();
    }
    if (this.#follows) {
      this.scrollTop = this.scrollHeight;
    }
    this.dispatchEvent(new Event('drawn'));
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
  const parts = styled(shown).map(pieceElement);
  const rest = text.length - shown.length;
  return el(
    'div',
    { class: kind },
    before && el('span', { class: 'line-before' }, before, ' '),
    parts,
    rest > 0 && el('span', { class: 'escape' }, ` … ${rest} more characters`),
  );
}

function pieceElement({ text, escape, style }) {
  if (escape) {
    return el('span', { class: 'escape' }, text);
  }
  const plain = style.colour === null && !style.bold && !style.dim;
  return plain ? text : el('span', { 'data-colour': style.colour, 'data-bold': style.bold, 'data-dim': style.dim }, text);
}

customElements.define('argus-lines', Lines);
