import { announce } from '../base/announce.js';
import { call } from '../base/http.js';
import { Raw, html, repeat } from '../base/template.js';
import { View } from '../base/view.js';
import { whileBusy } from './busy.js';

/** The variables that a service was given. Each change is made at once and used from the next start on. */
class Environment extends View {
  #variables = null;
  #said = '';
  #done = '';

  shown() {
    this.draw();
    this.#load();
  }

  get #path() {
    return `/services/${this.getAttribute('service')}/env`;
  }

  template() {
    const names = Object.keys(this.#variables ?? {});
    return html`
      <h2>Environment</h2>
      <p class="soft">Used from the next start on; restart the service to use a change at once. What is secret belongs below.</p>
      ${names.length > 0 && html`
        <ul class="variables" aria-label="Variables">
          ${repeat(names, (name) => name, (name) => html`
            <li>
              <form class="variable" @submit=${(event) => this.#set(event, name)}>
                <label for=${`env-${name}`}><code>${name}</code></label>
                ${edited(`env-${name}`, this.#variables[name])}
                <button type="submit" aria-label=${`Save ${name}`}>Save</button>
                <button type="button" class="quiet" aria-label=${`Remove ${name}`} @click=${(event) => this.#patch(event.currentTarget, { [name]: null }, `${name} is removed.`)}>Remove</button>
              </form>
            </li>
          `)}
        </ul>
      `}
      ${this.#variables !== null && names.length === 0 && html`<p class="soft">No variable is set.</p>`}
      <form class="variable" @submit=${(event) => this.#add(event)}>
        <span class="field"><label for="env-new-name">New variable</label><input id="env-new-name" name="name" class="code" autocomplete="off" autocapitalize="none" spellcheck="false" placeholder="LOG_LEVEL" required></span>
        <span class="field"><label for="env-new-value">Value</label><input id="env-new-value" name="value" class="code" autocomplete="off" spellcheck="false"></span>
        <button type="submit">Add</button>
      </form>
      <p class="field-error" role="alert">${this.#said}</p>
      <p class="soft small" role="status">${this.#done}</p>
    `;
  }

  async #load() {
    try {
      this.#variables = await call('GET', this.#path, { signal: this.signal });
    } catch (problem) {
      this.#said = this.signal.aborted ? '' : problem.message;
    }
    this.update();
  }

  #set(event, name) {
    event.preventDefault();
    const { value } = event.currentTarget.elements;
    const known = this.#variables[name];
    // a field turns every end of a line into \n
    const wanted = value.value === known.replace(/\r\n?/g, '\n') ? known : value.value;
    return this.#patch(event.submitter, { [name]: wanted }, `${name} is saved.`);
  }

  async #add(event) {
    event.preventDefault();
    const form = event.currentTarget;
    const { name, value } = form.elements;
    if (await this.#patch(event.submitter, { [name.value.trim()]: value.value }, `${name.value.trim()} is added.`)) {
      form.reset();
      name.focus();
    }
  }

  async #patch(button, changes, done) {
    let taken = false;
    await whileBusy([button], async () => {
      this.#said = '';
      this.#done = '';
      try {
        this.#variables = await call('PATCH', this.#path, { body: changes });
        this.#done = done;
        taken = true;
        announce(done);
      } catch (problem) {
        this.#said = problem.message;
      }
      this.update();
    });
    return taken;
  }
}

/** The field for a value; one of several lines would lose their ends in an input. */
function edited(id, value) {
  return /[\r\n]/.test(value)
    ? html`<textarea id=${id} name="value" class="code" rows="4" autocomplete="off" spellcheck="false" .value=${new Raw(value)}></textarea>`
    : html`<input id=${id} name="value" class="code" autocomplete="off" spellcheck="false" .value=${new Raw(value)}>`;
}

customElements.define('argus-environment', Environment);
