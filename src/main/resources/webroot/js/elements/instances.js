import { el, reconcile, setAttribute, setText } from '../base/dom.js';
import { bytes, dateAndTime, duration, percent } from '../base/format.js';
import { serverNow } from '../base/http.js';

/** What an instance gets of the requests, in words. */
const SHARES = { active: 'gets them', waiting: 'when healthy', draining: 'ends its last', out: 'none' };

const COLUMNS = [
  { label: 'Instance', text: (instance) => instance.id },
  { label: 'Health', text: (instance) => instance.health },
  { label: 'State', text: (instance) => instance.state },
  { label: 'Requests', text: (instance) => SHARES[instance.traffic] ?? '–' },
  { label: 'Release', text: (instance) => instance.release, number: true },
  { label: 'PID', text: (instance) => instance.pid ?? '–', number: true },
  { label: 'Port', text: (instance) => instance.port ?? '–', number: true },
  { label: 'Restarts', text: (instance) => instance.restarts, number: true },
  { label: 'CPU', text: (instance) => percent(instance.cpuPercent), number: true },
  { label: 'Memory', text: (instance) => bytes(instance.rssBytes), number: true },
  { label: 'Up for', text: upFor, number: true },
];

function upFor(instance) {
  return instance.startedAt && instance.pid ? duration(serverNow() - Date.parse(instance.startedAt)) : '–';
}

/** The instances of a service. The roles are named because a phone shows the table as blocks, and browsers forget them then. */
class Instances extends HTMLElement {
  #rows = el('tbody', { role: 'rowgroup' });
  #none = el('p', { class: 'soft' }, 'None.');
  #table = el(
    'table',
    { class: 'instances', role: 'table', 'aria-labelledby': 'instances-title' },
    el(
      'thead',
      { role: 'rowgroup' },
      el(
        'tr',
        { role: 'row' },
        COLUMNS.map(({ label, number }) => el('th', { role: 'columnheader', scope: 'col', class: number && 'number' }, label)),
      ),
    ),
    this.#rows,
  );

  connectedCallback() {
    if (!this.firstChild) {
      this.append(this.#table, this.#none);
    }
  }

  /** What it shows. */
  set instances(instances) {
    this.#table.hidden = instances.length === 0;
    this.#none.hidden = instances.length > 0;
    reconcile(this.#rows, instances, (instance) => instance.id, makeRow, showRow);
  }
}

function makeRow() {
  return el(
    'tr',
    { role: 'row' },
    COLUMNS.map(({ label, number }) => el('td', { role: 'cell', 'data-label': label, class: number && 'number' })),
  );
}

function showRow(row, instance) {
  COLUMNS.forEach(({ text }, index) => setText(row.children[index], text(instance)));
  setAttribute(row.children[1], 'data-health', instance.health);
  setAttribute(row.children[COLUMNS.length - 1], 'title', instance.startedAt ? `since ${dateAndTime(instance.startedAt)}, ${new Date(instance.startedAt).toISOString()}` : null);
}

customElements.define('argus-instances', Instances);
