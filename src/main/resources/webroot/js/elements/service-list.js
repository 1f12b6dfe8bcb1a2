import './needs.js';
import './node-figures.js';
import './service-actions.js';

import { counted } from '../base/format.js';
import { html, repeat } from '../base/template.js';
import { View } from '../base/view.js';
import { figures } from '../state/figures.js';
import { services } from '../state/services.js';
import { session } from '../state/session.js';
import { isTroubled } from '../state/trouble.js';
import { noticePlace, notify } from './notice.js';
import { COLUMNS, serviceRow, sorted } from './service-row.js';

/** The machine and all services. */
class ServiceList extends View {
  #wanted = '';
  #sort = { column: 'name', descending: false };
  #notice = noticePlace();

  build() {
    this.addEventListener('problem', ({ detail }) => notify(this.#notice, detail.message));
    this.addEventListener('keydown', (event) => this.#move(event));
  }

  shown() {
    for (const target of [services, session, figures]) {
      this.listen(target, 'changed', () => this.update());
    }
    this.listen(document, 'keydown', (event) => this.#search(event));
    this.draw();
  }

  template() {
    const all = services.all;
    document.title = all.length > 0 ? `Argus · ${summary(all)}` : 'Argus';
    return html`
      <div class="view-head">
        <div>
          <h1 id="view-title" tabindex="-1">Services</h1>
          <p class="soft" id="service-count">${services.loaded && all.length > 0 ? summary(all) : ''}</p>
        </div>
        ${session.may('operator') && all.length > 0 && html`<a class="button primary" href="#/deploy">Deploy a service</a>`}
      </div>
      ${this.#notice}
      ${services.loaded && html`<argus-needs></argus-needs><argus-node-figures></argus-node-figures>`}
      ${all.length > 0 && this.#filter()}
      ${this.#table(all)}
    `;
  }

  #filter() {
    return html`
      <div class="field filter">
        <label for="filter">Show only names with <kbd aria-hidden="true">/</kbd></label>
        <input id="filter" type="search" autocomplete="off" spellcheck="false" .value=${this.#wanted}
          @input=${(event) => this.#want(event.target.value)}>
      </div>
    `;
  }

  #table(all) {
    const listed = all.filter((service) => service.name.includes(this.#wanted.trim().toLowerCase()));
    if (listed.length === 0) {
      return empty(all.length);
    }
    return html`
      <table class="services" role="table" aria-labelledby="view-title">
        <thead role="rowgroup"><tr role="row">${COLUMNS.map((column) => this.#heading(column))}</tr></thead>
        <tbody role="rowgroup">
          ${repeat(sorted(listed, this.#sort, figures), (service) => service.name, (service) => serviceRow(service, figures.of(service.name)))}
        </tbody>
      </table>
    `;
  }

  #heading({ key, label, sortable, number }) {
    const { column, descending } = this.#sort;
    const order = column !== key ? null : descending ? 'descending' : 'ascending';
    return html`
      <th role="columnheader" scope="col" class=${number ? 'number' : ''} aria-sort=${order}>
        ${sortable ? html`<button type="button" class="sort" @click=${() => this.#sortBy(key, number)}>${label}</button>` : label}
      </th>
    `;
  }

  #sortBy(column, largestFirst) {
    const again = this.#sort.column === column;
    this.#sort = { column, descending: again ? !this.#sort.descending : Boolean(largestFirst) };
    this.update();
  }

  #want(text) {
    this.#wanted = text;
    this.update();
  }

  /** A slash begins a search wherever nothing is being typed. */
  #search(event) {
    const typing = event.target.closest('input, textarea, select, dialog') !== null;
    const filter = this.querySelector('#filter');
    if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey && !event.altKey && filter) {
      event.preventDefault();
      filter.select();
    }
  }

  /** The arrows go from name to name, and from the search to the names. */
  #move(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step || event.key === 'Enter') {
      // who types fast means what is about to be shown
      this.draw();
    }
    const names = [...this.querySelectorAll('.service-name')];
    if (event.target.id === 'filter' && event.key === 'Escape') {
      this.#want('');
    } else if (event.target.id === 'filter' && event.key === 'Enter') {
      names[0]?.click();
    } else if (step && (event.target.id === 'filter' || event.target.closest('.services'))) {
      event.preventDefault();
      const own = event.target.closest('tr')?.querySelector('.service-name');
      const next = names[names.indexOf(own) + step];
      (next ?? (step < 0 ? this.querySelector('#filter') : names.at(-1))).focus();
    }
  }
}

/** "3 services, 1 in trouble", for headings and the title of the page. */
function summary(list) {
  const troubled = list.filter(isTroubled).length;
  return counted(list.length, 'service') + (troubled > 0 ? `, ${troubled} in trouble` : '');
}

function empty(all) {
  if (!services.loaded) {
    return html`<div class="empty" data-state="loading"><p class="soft">Asking Argus for its services …</p></div>`;
  }
  if (all > 0) {
    return html`<div class="empty" data-state="filtered"><p class="soft">No service has that in its name.</p></div>`;
  }
  return session.may('operator')
    ? html`
        <div class="empty">
          <h2>No service yet</h2>
          <p>Give Argus the address of a git repository. It builds what it finds there, starts it, watches it and keeps it alive.</p>
          <p><a class="button primary" href="#/deploy">Deploy your first service</a></p>
          <p class="soft small">Or on the command line:</p>
          <pre class="command">argus-client deploy NAME --repo https://host/owner/name.git</pre>
        </div>
      `
    : html`
        <div class="empty">
          <h2>No service yet</h2>
          <p>
            There is nothing here that you may see. Somebody with the role operator can deploy a service, or an admin can let
            you see one.
          </p>
        </div>
      `;
}

customElements.define('argus-service-list', ServiceList);
