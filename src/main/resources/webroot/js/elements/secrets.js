import { announce } from '../base/announce.js';
import { call } from '../base/http.js';
import { html, repeat } from '../base/template.js';
import { View } from '../base/view.js';
import './ask-name.js';
import { whileBusy } from './busy.js';

/** The secret variables of a service: they can be set and forgotten, and never be read again. */
class Secrets extends View {
  #names = null;
  #said = '';
  #done = '';

  shown() {
    this.draw();
    this.#load();
  }

  get #path() {
    return `/services/${this.getAttribute('service')}/secrets`;
  }

  template() {
    return html`
      <h2>Secrets</h2>
      <p class="soft">Kept encrypted and given to the service as variables from its next start on. Nobody can read one again.</p>
      ${this.#names?.length > 0 && html`
        <ul class="variables" aria-label="Secrets">
          ${repeat(this.#names, (name) => name, (name) => html`
            <li class="variable">
              <code>${name}</code>
              <span class="soft">set</span>
              <button type="button" class="quiet" aria-label=${`Forget ${name}`} @click=${() => this.#forget(name)}>Forget</button>
            </li>
          `)}
        </ul>
      `}
      ${this.#names?.length === 0 && html`<p class="soft">No secret is set.</p>`}
      <form class="variable" autocomplete="off" @submit=${(event) => this.#set(event)}>
        <span class="field"><label for="secret-name">Secret</label><input id="secret-name" name="name" class="code" autocomplete="off" autocapitalize="none" spellcheck="false" placeholder="DATABASE_PASSWORD" required></span>
        <span class="field"><label for="secret-value">Its value</label><input id="secret-value" name="value" type="password" autocomplete="new-password" required></span>
        <button type="submit">Set</button>
      </form>
      <p class="field-error" role="alert">${this.#said}</p>
      <p class="soft small" role="status">${this.#done}</p>
      <argus-ask-name></argus-ask-name>
    `;
  }

  async #load() {
    try {
      this.#names = await call('GET', this.#path, { signal: this.signal });
    } catch (problem) {
      this.#said = this.signal.aborted ? '' : problem.message;
    }
    this.update();
  }

  #set(event) {
    event.preventDefault();
    const form = event.currentTarget;
    const name = form.elements.name.value.trim();
    return whileBusy([event.submitter], async () => {
      this.#said = '';
      try {
        await this.#change('PUT', name, { value: form.elements.value.value }, `${name} is set.`);
        form.reset();
      } catch (problem) {
        this.#said = problem.message;
      }
      this.update();
    });
  }

  #forget(name) {
    this.#said = '';
    this.querySelector('argus-ask-name').ask({
      title: `Forget ${name}?`,
      words: 'Nobody can read its value again, and the service starts without it from its next start on.',
      name,
      keep: 'Keep the secret',
      go: 'Forget it',
      act: () => this.#change('DELETE', name, undefined, `${name} is forgotten.`),
    });
  }

  async #change(method, name, body, done) {
    this.#done = '';
    await call(method, `${this.#path}/${encodeURIComponent(name)}`, { body });
    this.#done = done;
    announce(done);
    await this.#load();
  }
}

customElements.define('argus-secrets', Secrets);
