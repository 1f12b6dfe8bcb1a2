import './service-actions.js';

import { el, setText } from '../base/dom.js';
import { bytes, counted, percent, shortRevision } from '../base/format.js';
import { serviceLink, showLink } from './service-link.js';
import { showStatus, statusMark } from './status.js';

/** A service in the list. */
export class ServiceRow extends HTMLElement {
  #status = statusMark('');
  #name = el('a', { class: 'service-name' });
  #reason = el('p', { class: 'reason' });
  #link = serviceLink();
  #release = el('dd');
  #instances = el('dd');
  #restarts = el('dd');
  #cpu = el('dd', { class: 'number' });
  #memory = el('dd', { class: 'number' });
  #actions = el('argus-service-actions');

  connectedCallback() {
    if (this.firstChild) {
      return;
    }
    this.setAttribute('role', 'listitem');
    this.append(
      el('div', { class: 'service-head' }, el('h3', {}, this.#name), this.#status),
      el('div', { class: 'service-text' }, this.#reason, this.#link),
      el(
        'dl',
        { class: 'service-figures' },
        pair('Release', this.#release),
        pair('Instances', this.#instances),
        pair('Restarts', this.#restarts),
        pair('CPU', this.#cpu),
        pair('Memory', this.#memory),
      ),
      this.#actions,
    );
  }

  /** What it shows. */
  set service(service) {
    const { instances, release } = service;
    this.dataset.status = service.status;
    this.#name.href = `#/services/${encodeURIComponent(service.name)}`;
    setText(this.#name, service.name);
    showStatus(this.#status, service.status);
    setText(this.#reason, service.reason);
    this.#reason.hidden = !service.reason;
    showLink(this.#link, service.url);
    setText(this.#release, release ? `${release.number} · ${shortRevision(release.revision)}` : 'none yet');
    const healthy = instances.filter((instance) => instance.health === 'healthy').length;
    setText(this.#instances, instances.length === 0 ? 'none' : `${healthy} of ${instances.length} healthy`);
    setText(this.#restarts, total(instances, 'restarts'));
    setText(this.#cpu, instances.length === 0 ? '–' : percent(total(instances, 'cpuPercent')));
    setText(this.#memory, instances.length === 0 ? '–' : bytes(total(instances, 'rssBytes')));
    this.#actions.service = service;
  }
}

function pair(label, value) {
  return el('div', {}, el('dt', {}, label), value);
}

function total(instances, key) {
  return instances.reduce((sum, instance) => sum + (instance[key] ?? 0), 0);
}

/** "3 services, 1 failed", for headings and the title of the page. */
export function summary(list) {
  const troubled = list.filter((service) => ['failed', 'unhealthy', 'backoff'].includes(service.status)).length;
  return counted(list.length, 'service') + (troubled > 0 ? `, ${troubled} in trouble` : '');
}

customElements.define('argus-service-row', ServiceRow);
