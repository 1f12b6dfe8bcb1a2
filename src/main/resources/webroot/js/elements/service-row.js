import { bytes, percent, shortRevision } from '../base/format.js';
import { sparkline } from '../base/sparkline.js';
import { html } from '../base/template.js';
import { addressOf } from './service-link.js';
import { statusWord } from './status.js';

/** What a graph of the processor reaches up to at least, in percent of a core. */
const LEAST_CPU = 5;
const LEAST_MEMORY = 16 * 1024 * 1024;
const SEVERITY = ['failed', 'unhealthy', 'backoff', 'restarting', 'starting', 'deploying', 'running', 'stopped'];

/** The columns of the list of services. */
export const COLUMNS = [
  { key: 'status', label: 'Status', sortable: true },
  { key: 'name', label: 'Service', sortable: true },
  { key: 'release', label: 'Release' },
  { key: 'instances', label: 'Instances' },
  { key: 'cpu', label: 'CPU', sortable: true, number: true },
  { key: 'memory', label: 'Memory', sortable: true, number: true },
  { key: 'restarts', label: 'Restarts in 24 h', sortable: true, number: true },
  { key: 'actions', label: html`<span class="unseen">Actions</span>` },
];

const ORDER = {
  status: (service) => SEVERITY.indexOf(service.status),
  name: () => 0,
  cpu: (service) => total(service, 'cpuPercent'),
  memory: (service) => total(service, 'rssBytes'),
  restarts: (service, figures) => figures.of(service.name)?.restarts24h ?? 0,
};

/** The services in the order that is asked for; equal ones by name. */
export function sorted(list, { column, descending }, figures) {
  const rank = ORDER[column];
  const sign = descending ? -1 : 1;
  const byName = (a, b) => (a.name < b.name ? -1 : 1) * (column === 'name' ? sign : 1);
  return [...list].sort((a, b) => sign * (rank(a, figures) - rank(b, figures)) || byName(a, b));
}

/** A service in the list; `hour` are its figures of the last hour, once they are known. */
export function serviceRow(service, hour) {
  const { instances, release } = service;
  const none = instances.length === 0;
  const healthy = instances.filter((instance) => instance.health === 'healthy').length;
  return html`
    <tr role="row" data-service=${service.name} data-status=${service.status}>
      <td role="cell">${statusWord(service.status)}</td>
      <td role="cell" class="service-text">
        <a class="service-name" href="#/services/${encodeURIComponent(service.name)}">${service.name}</a>
        ${addressOf(service.url)}
        ${service.reason && html`<p class="reason">${service.reason}</p>`}
      </td>
      <td role="cell" data-label="Release">${release ? `${release.number} · ${shortRevision(release.revision)}` : 'none yet'}</td>
      <td role="cell" data-label="Instances">${none ? 'none' : `${healthy} of ${instances.length} healthy`}</td>
      <td role="cell" class="number" data-label="CPU">
        ${sparkline(hour?.cpu ?? [], LEAST_CPU)}<span>${none ? '–' : percent(total(service, 'cpuPercent'))}</span>
      </td>
      <td role="cell" class="number" data-label="Memory">
        ${sparkline(hour?.memory ?? [], LEAST_MEMORY)}<span>${none ? '–' : bytes(total(service, 'rssBytes'))}</span>
      </td>
      <td role="cell" class="number" data-label="Restarts in 24 h">${hour ? String(hour.restarts24h) : '–'}</td>
      <td role="cell" class="row-actions"><argus-service-actions .service=${service}></argus-service-actions></td>
    </tr>
  `;
}

function total(service, key) {
  return service.instances.reduce((sum, instance) => sum + (instance[key] ?? 0), 0);
}
