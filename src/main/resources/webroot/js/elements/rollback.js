import { shortRevision } from '../base/format.js';
import { call } from '../base/http.js';
import { html } from '../base/template.js';
import { View } from '../base/view.js';
import { whileBusy } from './busy.js';

/** Asks which release to go back to, and goes back. Tells `begun` with the deployment as detail. */
class Rollback extends View {
  #service = null;
  #releases = [];
  #chosen = null;
  #said = '';

  /** Asks about that service and, unless it is null, that release; else the newest before the live one is proposed. */
  async ask(service, release) {
    this.#service = service;
    this.#releases = release ? [release] : [];
    this.#chosen = release?.number ?? null;
    this.#said = '';
    this.draw();
    this.querySelector('dialog').showModal();
    if (release === null) {
      await this.#load();
    }
  }

  template() {
    const name = this.#service?.name ?? '';
    return html`
      <dialog aria-labelledby="rollback-title">
        <form @submit=${(event) => this.#send(event)}>
          <h2 id="rollback-title">Roll ${name} back?</h2>
          <p>The release is started again without a build and gets the requests once it is healthy. Visitors notice nothing.</p>
          ${this.#releases.map((release) => html`
            <label class="check">
              <input type="radio" name="release" value=${release.number} .checked=${release.number === this.#chosen}
                @change=${() => this.#choose(release.number)}>
              <span>${release.number} · <code>${shortRevision(release.revision)}</code> ${release.subject}</span>
            </label>
          `)}
          <p class="field-error" role="alert">${this.#said}</p>
          <div class="buttons">
            <button type="button" @click=${() => this.querySelector('dialog').close()}>Keep the live release</button>
            <button type="submit" class="primary" ?hidden=${this.#chosen === null}>
              ${this.#chosen === null ? '' : `Roll back to release ${this.#chosen}`}
            </button>
          </div>
        </form>
      </dialog>
    `;
  }

  #choose(number) {
    this.#chosen = number;
    this.update();
  }

  async #load() {
    try {
      const live = this.#service.release?.number ?? Infinity;
      const all = await call('GET', `/services/${this.#service.name}/releases`, { signal: this.signal });
      this.#releases = all.filter(({ state }) => state === 'kept' || state === 'warm');
      this.#chosen = (this.#releases.find(({ number }) => number < live) ?? this.#releases[0])?.number ?? null;
      this.#said = this.#chosen === null ? 'There is no other release that is kept.' : '';
    } catch (problem) {
      this.#said = problem.message;
    }
    this.draw();
    this.querySelector('[type="submit"]:not([hidden])')?.focus();
  }

  async #send(event) {
    event.preventDefault();
    await whileBusy([this.querySelector('[type="submit"]')], async () => {
      try {
        const { deployment } = await call('POST', `/services/${this.#service.name}/rollback`, { body: { release: this.#chosen } });
        this.querySelector('dialog').close();
        this.dispatchEvent(new CustomEvent('begun', { detail: deployment, bubbles: true }));
      } catch (problem) {
        this.#said = problem.message;
        this.update();
      }
    });
  }
}

customElements.define('argus-rollback', Rollback);
