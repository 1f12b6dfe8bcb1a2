import './lines.js';

import { el, setText } from '../base/dom.js';
import { Panel } from '../base/panel.js';
import { follow } from '../base/stream.js';

const AT_FIRST = 200;

/** The end of what a service writes, live. */
class Log extends Panel {
  #lines = el('argus-lines', { 'aria-labelledby': 'log-title' });
  #follow = el('input', { type: 'checkbox', id: 'log-follow', checked: true, change: () => this.#chooseFollow() });
  #instances = new Set();
  #state = el('span', { class: 'soft small', role: 'status' });

  build() {
    this.append(
      el(
        'div',
        { class: 'section-head' },
        el('h2', { id: 'log-title' }, 'Log'),
        this.#state,
        el('label', { class: 'check', for: 'log-follow' }, this.#follow, 'Follow the end'),
      ),
      this.#lines,
    );
  }

  shown() {
    this.listen(this.#lines, 'follows', () => {
      this.#follow.checked = this.#lines.follows;
    });
    this.#lines.clear();
    this.#run(this.getAttribute('service'), this.signal);
  }

  #run(name, signal) {
    let fresh = true;
    follow(`/services/${name}/logs?tail=${AT_FIRST}&follow=true`, {
      signal,
      onEvent: ({ type, data }) => {
        if (fresh) {
          // a new connection begins with the end of the log again
          this.#lines.clear();
          this.#instances.clear();
          fresh = false;
        }
        this.#add(type, data);
      },
      onState: (state, problem) => {
        fresh ||= state === 'open';
        setText(this.#state, state === 'open' ? '' : state === 'lost' ? 'Interrupted; trying again.' : problem.message);
      },
    });
  }

  #add(type, data) {
    if (type === 'log') {
      this.#instances.add(data.instance);
      // with one instance alone its name on every line says nothing
      this.#lines.dataset.several = String(this.#instances.size > 1);
      this.#lines.add(data.text, { before: data.instance });
    } else if (type === 'skipped') {
      this.#lines.add(`${data.skipped} lines came too fast for this page and are left out.`, { kind: 'note' });
    }
  }

  #chooseFollow() {
    this.#lines.follows = this.#follow.checked;
  }
}

customElements.define('argus-log', Log);
