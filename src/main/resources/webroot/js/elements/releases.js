import { dateAndTime, shortRevision } from '../base/format.js';
import { call } from '../base/http.js';
import { time } from '../base/moment.js';
import { Order } from '../base/order.js';
import { html, repeat } from '../base/template.js';
import { View } from '../base/view.js';
import { live } from '../state/live.js';
import { session } from '../state/session.js';

/** What each state of a release means. */
const MEANING = {
  live: 'gets the requests',
  warm: 'was live until just now and is kept ready',
  starting: 'is about to be live',
  kept: 'can be gone back to',
  failed: 'never became healthy',
};

/** The releases that are kept, and the way back to each of them. Asks for `rollback` with a release as detail. */
class Releases extends View {
  #service = null;
  #releases = null;
  #problem = null;
  #order = new Order();

  /** The service whose releases they are; asked for anew when its live release is another one. */
  set service(service) {
    const before = this.#service;
    this.#service = service;
    if (before && before.release?.number !== service.release?.number) {
      this.#load();
    }
    this.update();
  }

  shown() {
    this.listen(live, 'opened', () => this.#load());
    this.listen(live, 'event', ({ detail: { type, data } }) => {
      if (type === 'deployment-finished' && data.service === this.#service.name) {
        this.#load();
      }
    });
    this.draw();
    this.#load();
  }

  template() {
    return html`
      <section class="section">
        <h2 id="releases-title">Releases</h2>
        ${this.#problem && html`<p class="field-error" role="alert">${this.#problem}</p>`}
        ${this.#releases === null
          ? html`<p class="soft">Asking Argus for them …</p>`
          : this.#releases.length === 0
            ? html`<p class="soft">None yet; the first deployment that succeeds makes one.</p>`
            : this.#table()}
      </section>
    `;
  }

  #table() {
    return html`
      <table class="plain" role="table" aria-labelledby="releases-title">
        <thead role="rowgroup">
          <tr role="row">
            ${['Release', 'Revision', 'What it says', 'By', 'Built', 'State'].map((label) => html`<th role="columnheader" scope="col">${label}</th>`)}
            <th role="columnheader" scope="col"><span class="unseen">Actions</span></th>
          </tr>
        </thead>
        <tbody role="rowgroup">${repeat(this.#releases, (release) => release.number, (release) => this.#row(release))}</tbody>
      </table>
    `;
  }

  #row(release) {
    const offered = release.state === 'kept' || release.state === 'warm';
    return html`
      <tr role="row" data-release=${release.number}>
        <td role="cell" data-label="Release">${release.number}</td>
        <td role="cell" data-label="Revision"><code title=${release.revision}>${shortRevision(release.revision)}</code></td>
        <td role="cell" data-label="What it says">${release.subject}</td>
        <td role="cell" data-label="By">${release.by ?? '–'}</td>
        <td role="cell" data-label="Built">${time(release.builtAt, dateAndTime(release.builtAt))}</td>
        <td role="cell" data-label="State"><span title=${MEANING[release.state]}>${release.state}</span></td>
        <td role="cell">
          ${offered && session.may('operator') && html`
            <button type="button" @click=${() => this.dispatchEvent(new CustomEvent('rollback', { detail: release }))}
              aria-label=${`Roll back to release ${release.number}`}>Roll back</button>
          `}
        </td>
      </tr>
    `;
  }

  async #load() {
    const isNewer = this.#order.ask();
    try {
      const releases = await call('GET', `/services/${this.#service.name}/releases`, { signal: this.signal });
      if (isNewer()) {
        this.#releases = releases;
      }
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

customElements.define('argus-releases', Releases);
