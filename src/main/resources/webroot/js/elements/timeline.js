import './incident.js';

import { clock } from '../base/format.js';
import { call } from '../base/http.js';
import { time } from '../base/moment.js';
import { Order } from '../base/order.js';
import { html, repeat } from '../base/template.js';
import { View } from '../base/view.js';
import { live } from '../state/live.js';

const PAGE = 100;
/** Events come in bursts; the entries they make are asked for once for each burst. */
const GATHER = 400;

const KINDS = [
  { key: 'all', label: 'Everything', has: () => true },
  { key: 'deployments', label: 'Deployments', has: (type) => type.startsWith('deployment-') },
  { key: 'health', label: 'Restarts and health', has: (type) => ['restarted', 'healthy', 'unhealthy', 'failed', 'incident'].includes(type) },
  { key: 'changes', label: 'Changes by people', has: (type) => ['created', 'configured', 'secret-changed', 'stopped', 'started'].includes(type) },
];

/** How an entry looks, by its type; a finished deployment looks as it ended. */
const LOOKS = { healthy: 'good', restarted: 'care', unhealthy: 'bad', failed: 'bad', incident: 'bad', 'deployment-started': 'busy' };

/** What has happened to a service, over all its releases, newest first. */
class Timeline extends View {
  #entries = null;
  #kind = KINDS[0];
  #more = false;
  #problem = null;
  #opened = null;
  #timer = 0;
  #order = new Order();

  /** Shows that incident opened, by its id. */
  set open(incident) {
    this.#opened = incident;
    this.update();
  }

  shown() {
    this.listen(live, 'opened', () => this.#load());
    this.listen(live, 'event', ({ detail: { data } }) => data.service === this.#name && this.#soon());
    this.signal.addEventListener('abort', () => clearTimeout(this.#timer));
    this.draw();
    this.#load();
  }

  get #name() {
    return this.getAttribute('service');
  }

  template() {
    return html`
      <section class="section">
        <div class="section-head">
          <h2 id="timeline-title">Timeline</h2>
          <div class="choices" role="group" aria-label="What is shown">
            ${KINDS.map((kind) => html`
              <button type="button" class="choice" aria-pressed=${String(kind === this.#kind)} @click=${() => this.#choose(kind)}>${kind.label}</button>
            `)}
          </div>
        </div>
        ${this.#problem && html`<p class="field-error" role="alert">${this.#problem}</p>`}
        ${this.#entries === null ? html`<p class="soft">Asking Argus for it …</p>` : this.#list()}
      </section>
    `;
  }

  #list() {
    const shown = this.#entries.filter(({ type }) => this.#kind.has(type));
    return html`
      ${shown.length === 0 && html`<p class="soft">Nothing of that kind has happened yet.</p>`}
      ${repeat(byDay(shown), ({ day }) => day, ({ day, entries }) => html`
        <h3 class="day">${day}</h3>
        <ol class="timeline" aria-label=${day}>${repeat(entries, ({ id }) => id, (entry) => this.#entry(entry))}</ol>
      `)}
      ${this.#more && html`<button type="button" @click=${() => this.#older()}>Show older</button>`}
    `;
  }

  #entry(entry) {
    return html`
      <li data-type=${entry.type} data-look=${lookOf(entry)}>
        <span class="entry-sign" aria-hidden="true"></span>
        ${time(entry.at, clock(new Date(entry.at)))}
        <div class="entry-text">
          <p>${entry.text}</p>
          ${entry.incident && html`
            <argus-incident service=${this.#name} incident=${entry.incident} ?open=${entry.incident === this.#opened}></argus-incident>
          `}
        </div>
      </li>
    `;
  }

  #choose(kind) {
    this.#kind = kind;
    this.update();
  }

  #soon() {
    this.#timer ||= setTimeout(() => {
      this.#timer = 0;
      this.#load();
    }, GATHER);
  }

  /** Puts what is new before what is known. */
  async #load() {
    const isNewer = this.#order.ask();
    await this.#ask('', (newest) => {
      if (!isNewer()) {
        return;
      }
      const known = this.#entries ?? [];
      const oldest = newest.at(-1)?.id ?? Infinity;
      const overlaps = known.some(({ id }) => id >= oldest);
      // where there is a gap between both, what is older is asked for again
      this.#entries = overlaps ? [...newest, ...known.filter(({ id }) => id < oldest)] : newest;
      this.#more = overlaps ? this.#more || known.length < newest.length && newest.length === PAGE : newest.length === PAGE;
    });
  }

  async #older() {
    await this.#ask(`&before=${this.#entries.at(-1).id}`, (older) => {
      this.#entries = [...this.#entries, ...older];
      this.#more = older.length === PAGE;
    });
  }

  async #ask(more, take) {
    try {
      take(await call('GET', `/services/${this.#name}/timeline?limit=${PAGE}${more}`, { signal: this.signal }));
      this.#problem = null;
    } catch (problem) {
      if (this.signal.aborted) {
        return;
      }
      this.#problem = problem.message;
    }
    this.update();
  }
}

function lookOf({ type, outcome }) {
  return type === 'deployment-finished' ? (outcome === 'succeeded' ? 'good' : 'bad') : (LOOKS[type] ?? 'rest');
}

/** The entries in groups of one day, in their order. */
function byDay(entries) {
  const days = [];
  for (const entry of entries) {
    const day = new Date(entry.at).toLocaleDateString([], { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
    if (days.at(-1)?.day !== day) {
      days.push({ day, entries: [] });
    }
    days.at(-1).entries.push(entry);
  }
  return days;
}

customElements.define('argus-timeline', Timeline);
