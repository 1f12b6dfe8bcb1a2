import { call } from '../base/http.js';
import { html } from '../base/template.js';
import { View } from '../base/view.js';
import { whileBusy } from './busy.js';

/** How many instances a service is to have. Tells `begun` with the deployment as detail. */
class Scale extends View {
  #service = null;

  /** The service to scale. */
  set service(service) {
    this.#service = service;
    this.update();
  }

  template() {
    return html`
      <form class="inline" @submit=${(event) => this.#send(event)}>
        <label for="scale">Instances wanted</label>
        <input id="scale" name="instances" type="number" min="1" max="64" required value=${this.#service.spec.instances ?? 1}>
        <button type="submit">Scale</button>
      </form>
    `;
  }

  async #send(event) {
    event.preventDefault();
    const form = event.currentTarget;
    await whileBusy([form.querySelector('button')], async () => {
      try {
        const instances = Number(form.elements.instances.value);
        const { deployment } = await call('POST', `/services/${this.#service.name}/scale`, { body: { instances } });
        this.dispatchEvent(new CustomEvent('begun', { detail: deployment, bubbles: true }));
      } catch (problem) {
        this.dispatchEvent(new CustomEvent('problem', { detail: problem, bubbles: true }));
      }
    });
  }
}

customElements.define('argus-scale', Scale);
