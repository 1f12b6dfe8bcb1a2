import { el, setText } from '../base/dom.js';
import { clock } from '../base/format.js';
import { warning } from '../base/http.js';
import { Panel } from '../base/panel.js';
import { live } from '../state/live.js';
import { session } from '../state/session.js';

const WORDS = { connecting: 'Connecting', live: 'Live', stale: 'Stale' };

/** Says whether what the page shows is what is so now, and what the server says of itself. */
class Connection extends Panel {
  #word = el('span');
  #banner = el('p', { class: 'banner', role: 'status' });

  build() {
    this.append(
      el('span', { class: 'connection' }, el('span', { class: 'connection-sign', 'aria-hidden': 'true' }), this.#word),
      this.#banner,
    );
  }

  shown() {
    this.listen(live, 'changed', () => this.#show());
    this.listen(session, 'changed', () => this.#show());
    this.listen(warning, 'changed', () => this.#show());
    this.#show();
  }

  #show() {
    this.hidden = session.user === null;
    this.dataset.state = live.state;
    document.body.dataset.stale = String(live.state === 'stale');
    setText(this.#word, WORDS[live.state]);
    setText(
      this.#banner,
      live.state === 'stale'
        ? `Argus is not heard since ${clock(live.lastHeard)}. What you see is from then; the page keeps trying.`
        : warning.text,
    );
  }
}

customElements.define('argus-connection', Connection);
