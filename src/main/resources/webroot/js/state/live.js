/* The line to the server: one stream of events, and a slow beat for the figures that no event tells. */

import { follow } from '../base/stream.js';
import { session } from './session.js';

const BEAT = 5_000;

/** Tells `event` (with the event as detail), `opened`, `beat`, and `changed` when what is shown becomes or stops being stale. */
class Live extends EventTarget {
  #open = false;
  #answered = true;
  #begun = false;
  #end = new AbortController();
  /** When the server was heard last; null before the first time. */
  lastHeard = null;

  /** `connecting` at first, then `live`, or `stale` while the server is not heard. */
  get state() {
    if (this.#open && this.#answered) {
      return 'live';
    }
    return this.lastHeard === null ? 'connecting' : 'stale';
  }

  /** Begins; once is enough. */
  start() {
    if (this.#begun) {
      return;
    }
    this.#begun = true;
    follow('/events', {
      signal: this.#end.signal,
      resume: true,
      onEvent: (event) => this.dispatchEvent(new CustomEvent('event', { detail: event })),
      onState: (state) => this.#connected(state === 'open'),
    });
    const beat = () => {
      if (session.active && !document.hidden) {
        this.dispatchEvent(new Event('beat'));
      }
    };
    setInterval(beat, BEAT);
    document.addEventListener('visibilitychange', beat);
    session.addEventListener('changed', beat);
  }

  /** Notes whether a request for what is shown was answered. */
  note(answered) {
    this.#change(() => {
      this.#answered = answered;
      if (answered) {
        this.lastHeard = new Date();
      }
    });
  }

  #connected(open) {
    this.#change(() => {
      this.#open = open;
    });
    if (open) {
      this.dispatchEvent(new Event('opened'));
    }
  }

  #change(action) {
    const before = this.state;
    action();
    if (this.state !== before) {
      this.dispatchEvent(new Event('changed'));
    }
  }
}

export const live = new Live();
