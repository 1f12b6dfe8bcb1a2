import './node-figures.js';
import './service-row.js';

import { el, fill, reconcile, setText } from '../base/dom.js';
import { Panel } from '../base/panel.js';
import { services } from '../state/services.js';
import { session } from '../state/session.js';
import { noticePlace, notify } from './notice.js';
import { summary } from './service-row.js';

/** With so many services a reader begins to search. */
const WORTH_FILTERING = 8;

/** The machine and all services. */
class ServiceList extends Panel {
  #count = el('p', { class: 'soft', id: 'service-count' });
  #deploy = el('a', { class: 'button primary', href: '#/deploy' }, 'Deploy a service');
  #notice = noticePlace();
  #filter = el('input', { id: 'filter', type: 'search', autocomplete: 'off', spellcheck: 'false', input: () => this.#show() });
  #filterField = el('div', { class: 'field filter' }, el('label', { for: 'filter' }, 'Show only names with'), this.#filter);
  #list = el('div', { class: 'services', role: 'list', 'aria-labelledby': 'view-title' });
  #empty = el('div', { class: 'empty' });

  build() {
    this.append(
      el('argus-node-figures'),
      el(
        'div',
        { class: 'view-head' },
        el('div', {}, el('h1', { id: 'view-title', tabindex: -1 }, 'Services'), this.#count),
        this.#deploy,
      ),
      this.#notice,
      this.#filterField,
      this.#list,
      this.#empty,
    );
    this.addEventListener('problem', ({ detail }) => notify(this.#notice, detail.message));
  }

  shown() {
    this.listen(services, 'changed', () => this.#show());
    this.listen(session, 'changed', () => this.#show());
    this.#show();
  }

  #show() {
    const all = services.all;
    const wanted = this.#filter.value.trim().toLowerCase();
    const listed = all.filter((service) => service.name.includes(wanted));
    this.#deploy.hidden = !session.may('operator') || all.length === 0;
    this.#filterField.hidden = all.length < WORTH_FILTERING && wanted === '';
    this.#list.hidden = listed.length === 0;
    setText(this.#count, services.loaded && all.length > 0 ? summary(all) : '');
    reconcile(
      this.#list,
      listed,
      (service) => service.name,
      () => el('argus-service-row'),
      (row, service) => {
        row.service = service;
      },
    );
    this.#showEmpty(all.length, listed.length);
    document.title = all.length > 0 ? `Argus · ${summary(all)}` : 'Argus';
  }

  #showEmpty(all, listed) {
    this.#empty.hidden = listed > 0;
    const state = !services.loaded ? 'loading' : all > 0 ? 'filtered' : session.may('operator') ? 'first' : 'none';
    if (this.#empty.hidden || this.#empty.dataset.state === state) {
      return;
    }
    this.#empty.dataset.state = state;
    fill(this.#empty, ...EMPTY[state]());
  }
}

const EMPTY = {
  loading: () => [el('p', { class: 'soft' }, 'Asking Argus for its services …')],
  filtered: () => [el('p', { class: 'soft' }, 'No service has that in its name.')],
  none: () => [
    el('h2', {}, 'No service yet'),
    el('p', {}, 'There is nothing here that you may see. Somebody with the role operator can deploy a service, or an admin can let you see one.'),
  ],
  first: () => [
    el('h2', {}, 'No service yet'),
    el('p', {}, 'Give Argus the address of a git repository. It builds what it finds there, starts it, watches it and keeps it alive.'),
    el('p', {}, el('a', { class: 'button primary', href: '#/deploy' }, 'Deploy your first service')),
    el('p', { class: 'soft small' }, 'Or on the command line:'),
    el('pre', { class: 'command' }, 'argus-client deploy NAME --repo https://host/owner/name.git'),
  ],
};

customElements.define('argus-service-list', ServiceList);
