import './lines.js';

import { el, setText } from '../base/dom.js';
import { text } from '../base/http.js';
import { overlap } from '../base/overlap.js';
import { Panel } from '../base/panel.js';
import { follow } from '../base/stream.js';
import { whileBusy } from './busy.js';

/** How many of the last lines a connection begins with. */
const REPLAYED = 200;
/** How long these may take to come in after an interruption. */
const SETTLING = 500;
/** How many of the last lines are downloaded. */
const DOWNLOADED = 10_000;

/** The end of what a service writes, live. */
class Log extends Panel {
  #lines = el('argus-lines', { 'aria-labelledby': 'log-title' });
  #follow = el('input', { type: 'checkbox', id: 'log-follow', checked: true, change: () => this.#chooseFollow() });
  #instances = new Set();
  /** The lines shown last, to find them again in a replay. */
  #recent = [];
  /** The lines of a replay while it comes in; null when lines are shown at once. */
  #replay = null;
  #state = el('span', { class: 'soft small', role: 'status' });
  #search = el('input', { type: 'search', id: 'log-search', autocomplete: 'off', spellcheck: 'false', input: () => this.#showFound() });
  #found = el('span', { class: 'soft small', role: 'status' });
  #pause = el('button', { type: 'button', 'aria-pressed': 'false', click: () => this.#choosePause() }, 'Pause');
  #download = el('button', { type: 'button', click: () => this.#save() }, 'Download');

  build() {
    this.append(
      el(
        'div',
        { class: 'section-head' },
        el('h2', { id: 'log-title' }, 'Log'),
        this.#state,
        el('label', { class: 'check', for: 'log-follow' }, this.#follow, 'Follow the end'),
      ),
      el(
        'div',
        { class: 'log-tools' },
        el('label', { for: 'log-search' }, 'Only lines with'),
        this.#search,
        this.#found,
        this.#pause,
        this.#download,
      ),
      this.#lines,
    );
  }

  shown() {
    this.listen(this.#lines, 'follows', () => {
      this.#follow.checked = this.#lines.follows;
    });
    this.listen(this.#lines, 'drawn', () => this.#countFound());
    this.#run(this.getAttribute('service'), this.signal);
  }

  #showFound() {
    this.#lines.wanted = this.#search.value;
    this.#countFound();
  }

  #countFound() {
    const { all, shown } = this.#lines.counts;
    setText(this.#found, this.#search.value === '' ? '' : `${shown} of the last ${all} lines`);
  }

  #choosePause() {
    const paused = this.#pause.getAttribute('aria-pressed') === 'false';
    this.#pause.setAttribute('aria-pressed', String(paused));
    setText(this.#pause, paused ? 'Go on' : 'Pause');
    this.#lines.paused = paused;
  }

  /** Saves the end of the log as it was written, to the last byte. */
  #save() {
    return whileBusy([this.#download], async () => {
      const name = this.getAttribute('service');
      try {
        const written = await text(`/services/${name}/logs?tail=${DOWNLOADED}`, { signal: this.signal });
        const url = URL.createObjectURL(written);
        el('a', { href: url, download: `${name}.log` }).click();
        URL.revokeObjectURL(url);
      } catch (problem) {
        setText(this.#state, problem.message);
      }
    });
  }

  #run(name, signal) {
    follow(`/services/${name}/logs?tail=${REPLAYED}&follow=true`, {
      signal,
      onEvent: ({ type, data }) => this.#hear(type, data),
      onState: (state, problem) => {
        if (state === 'open') {
          this.#expectReplay(signal);
        }
        setText(this.#state, state === 'open' ? '' : state === 'lost' ? 'Interrupted; trying again.' : problem.message);
      },
    });
  }

  #hear(type, data) {
    if (type === 'skipped') {
      this.#lines.add(`${data.skipped} lines came too fast for this page and are left out.`, { kind: 'note' });
    } else if (type === 'log') {
      const line = { text: String(data.text), instance: String(data.instance ?? '') };
      if (this.#replay === null) {
        this.#show(line);
      } else {
        this.#replay.push(line);
      }
    }
  }

  /** A new connection begins with the end of the log again; of that, only what is not shown yet is added. */
  #expectReplay(signal) {
    if (this.#recent.length === 0) {
      return;
    }
    this.#replay = [];
    const timer = setTimeout(() => this.#settle(), SETTLING);
    signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  }

  #settle() {
    const replay = this.#replay ?? [];
    this.#replay = null;
    const known = overlap(this.#recent, replay.map(keyOf));
    if (known === 0 && replay.length > 0) {
      this.#lines.add('The connection was interrupted; lines may be missing here.', { kind: 'note' });
    }
    replay.slice(known).forEach((line) => this.#show(line));
  }

  #show(line) {
    this.#recent.push(keyOf(line));
    if (this.#recent.length > 2 * REPLAYED) {
      this.#recent.splice(0, REPLAYED);
    }
    this.#instances.add(line.instance);
    // with one instance alone its name on every line says nothing
    this.#lines.dataset.several = String(this.#instances.size > 1);
    this.#lines.add(line.text, { before: line.instance });
  }

  #chooseFollow() {
    this.#lines.follows = this.#follow.checked;
  }
}

function keyOf({ instance, text }) {
  return `${instance} ${text}`;
}

customElements.define('argus-log', Log);
