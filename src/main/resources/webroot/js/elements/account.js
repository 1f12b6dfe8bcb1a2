import { el, setText } from '../base/dom.js';
import { Panel } from '../base/panel.js';
import { session } from '../state/session.js';
import { whileBusy } from './busy.js';

/** Who is signed in, and the way out. */
class Account extends Panel {
  #who = el('span', { class: 'account-name' });
  #role = el('span', { class: 'account-role' });
  #out = el('button', { type: 'button', class: 'quiet', click: () => this.#signOut() }, 'Sign out');

  build() {
    this.append(el('span', { class: 'account-who' }, this.#who, ' ', this.#role), this.#out);
    this.hidden = true;
  }

  shown() {
    this.listen(session, 'changed', () => {
      this.hidden = session.user === null;
      setText(this.#who, session.user?.name);
      setText(this.#role, session.user?.role);
    });
  }

  #signOut() {
    return whileBusy([this.#out], async () => {
      try {
        await session.signOut();
      } catch (problem) {
        setText(this.#role, problem.message);
      }
    });
  }
}

customElements.define('argus-account', Account);
