import './environment.js';
import './secrets.js';

import { html } from '../base/template.js';
import { View } from '../base/view.js';
import { session } from '../state/session.js';
import { FIELDS, MORE, textsOf } from './deploy-fields.js';

/** What is configured: settings, environment, secrets. */
class ServiceSettings extends View {
  #service = null;

  /** What it shows. */
  set service(service) {
    this.#service = service;
    this.update();
  }

  shown() {
    this.listen(session, 'changed', () => this.update());
    this.draw();
  }

  template() {
    const { name } = this.#service;
    const texts = textsOf(this.#service, {});
    const groups = [{ title: 'Where it comes from', fields: FIELDS }, ...MORE];
    return html`
      <section class="section">
        <div class="section-head">
          <h2>Configuration</h2>
          ${session.may('operator') && html`<a class="button" href="#/services/${name}/deploy">Deploy with changes</a>`}
        </div>
        <p class="soft">What is not set here is taken from the repository's argus.json, or is the default.</p>
        ${groups.map(({ title, fields }) => html`
          <h3>${title}</h3>
          <dl class="settings">
            ${fields.filter(({ lines }) => !lines).map(({ path, label }) => html`
              <div><dt>${label}</dt><dd>${texts[path] === '' ? html`<span class="soft">not set</span>` : texts[path]}</dd></div>
            `)}
          </dl>
        `)}
      </section>
      ${session.may('operator')
        ? html`
            <argus-environment class="section" service=${name}></argus-environment>
            <argus-secrets class="section" service=${name}></argus-secrets>
          `
        : html`<p class="soft">Environment and secrets are shown to operators.</p>`}
    `;
  }
}

customElements.define('argus-service-settings', ServiceSettings);
