import './ask-name.js';
import './environment.js';
import './releases.js';
import './rollback.js';
import './service-actions.js';
import './service-now.js';
import './service-settings.js';
import './timeline.js';

import { call } from '../base/http.js';
import { html } from '../base/template.js';
import { View } from '../base/view.js';
import { services } from '../state/services.js';
import { session } from '../state/session.js';
import { whileBusy } from './busy.js';
import { clearNotice, noticePlace, notify } from './notice.js';
import { addressOf } from './service-link.js';
import { statusWord } from './status.js';
import { askToUndeploy } from './undeploy.js';

/** The parts of the page of a service, by what stands in the address. */
const PARTS = [
  { key: '', label: 'Now' },
  { key: 'timeline', label: 'Timeline' },
  { key: 'releases', label: 'Releases' },
  { key: 'settings', label: 'Settings' },
];

/** One service: how it is and why, what can be done with it, and its parts. */
class ServiceDetail extends View {
  #part = '';
  #incident = null;
  #notice = noticePlace();

  /** Shows that part of it, and of the timeline that incident. */
  turnTo(part, incident) {
    this.#part = PARTS.some(({ key }) => key === part) ? part : '';
    this.#incident = incident;
    this.update();
  }

  build() {
    this.addEventListener('problem', ({ detail }) => notify(this.#notice, detail.message));
    this.addEventListener('begun', ({ detail }) => this.#showDeployment(detail));
  }

  shown() {
    this.listen(services, 'changed', () => this.update());
    this.listen(session, 'changed', () => this.update());
    this.draw();
  }

  get #name() {
    return this.getAttribute('service');
  }

  template() {
    const service = services.get(this.#name);
    if (service) {
      document.title = `${service.name} ${service.status} · Argus`;
    }
    return html`
      <a class="back" href="#/">← All services</a>
      <div class="view-head">
        <h1 id="view-title" tabindex="-1">${this.#name}</h1>
        ${service && statusWord(service.status)}
      </div>
      ${service ? this.#body(service) : this.#missing()}
    `;
  }

  #missing() {
    return services.loaded && html`
      <div class="empty">
        <p>There is no service ${this.#name} here (any more).</p>
        <p><a class="button" href="#/">See all services</a></p>
      </div>
    `;
  }

  #body(service) {
    return html`
      <div class="detail-reason">
        ${service.reason && html`<p class="reason">${service.reason}</p>`}
        ${(service.notes ?? []).map((note) => html`<p class="reason">${note}</p>`)}
        ${addressOf(service.url)}
      </div>
      ${this.#controls(service)}
      ${this.#notice}
      <nav class="parts" aria-label=${`Parts of ${service.name}`}>
        ${PARTS.map(({ key, label }) => html`
          <a href=${address(service.name, key)} aria-current=${key === this.#part ? 'page' : null}>${label}</a>
        `)}
      </nav>
      ${this.#shownPart(service)}
      <argus-ask-name class="undeploy"></argus-ask-name>
      <argus-rollback></argus-rollback>
    `;
  }

  #controls(service) {
    return session.may('operator') && html`
      <div class="buttons">
        <button type="button" class="primary" @click=${(event) => this.#deployAgain(event.currentTarget)}>Deploy again</button>
        <button type="button" ?hidden=${service.release === null}
          @click=${() => this.querySelector('argus-rollback').ask(service, null)}>Roll back</button>
        <a class="button" href=${address(service.name, 'deploy')}>Deploy with changes</a>
        <argus-service-actions .service=${service}></argus-service-actions>
        <button type="button" class="danger" @click=${() => askToUndeploy(this.querySelector('.undeploy'), service)}>Undeploy</button>
      </div>
    `;
  }

  #shownPart(service) {
    switch (this.#part) {
      case 'timeline':
        return html`<argus-timeline class="part" service=${service.name} .open=${this.#incident}></argus-timeline>`;
      case 'releases':
        return html`<argus-releases class="part" .service=${service} @rollback=${({ detail }) =>
          this.querySelector('argus-rollback').ask(service, detail)}></argus-releases>`;
      case 'settings':
        return html`<argus-service-settings class="part" .service=${service}></argus-service-settings>`;
      default:
        return html`<argus-service-now class="part" .service=${service}></argus-service-now>`;
    }
  }

  /** In the part that shows it; where that is not here yet, it finds the newest by itself. */
  #showDeployment(deployment) {
    const panel = this.querySelector('argus-deployment');
    if (panel) {
      panel.deployment = deployment;
    }
    location.hash = address(this.#name, '');
  }

  #deployAgain(button) {
    clearNotice(this.#notice);
    return whileBusy([button], async () => {
      try {
        const { deployment } = await call('POST', `/services/${this.#name}/deploy`, { body: {} });
        this.#showDeployment(deployment);
      } catch (problem) {
        notify(this.#notice, problem.message);
      }
    });
  }
}

function address(name, part) {
  return `#/services/${encodeURIComponent(name)}${part === '' ? '' : `/${part}`}`;
}

customElements.define('argus-service-detail', ServiceDetail);
