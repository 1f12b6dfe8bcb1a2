import './deployment.js';
import './graphs.js';
import './instances.js';
import './log.js';
import './scale.js';

import { ago, dateAndTime, shortRevision } from '../base/format.js';
import { call, serverNow } from '../base/http.js';
import { html } from '../base/template.js';
import { View } from '../base/view.js';
import { live } from '../state/live.js';
import { session } from '../state/session.js';

/** How a service is now: its instances, its newest deployment, its graphs, its log. */
class ServiceNow extends View {
  #service = null;

  /** What it shows. */
  set service(service) {
    this.#service = service;
    this.update();
  }

  shown() {
    this.listen(session, 'changed', () => this.update());
    this.listen(live, 'opened', () => this.#loadDeployment());
    this.listen(live, 'event', ({ detail: { type, data } }) => {
      if (data.service === this.#service.name && type === 'deployment-progress') {
        this.#noticeDeployment(data.deployment);
      }
    });
    this.draw();
    this.#loadDeployment();
  }

  template() {
    const service = this.#service;
    return html`
      <dl class="facts">
        <div><dt>Release</dt><dd title=${service.release && `${service.release.revision}, ${dateAndTime(service.release.builtAt)}`}>${releaseText(service.release)}</dd></div>
        <div><dt>Repository</dt><dd>${service.repository}</dd></div>
        <div><dt>Ref</dt><dd>${service.ref ?? 'the default branch'}</dd></div>
      </dl>
      <argus-deployment class="section"></argus-deployment>
      <section class="section">
        <div class="section-head">
          <h2 id="instances-title">Instances</h2>
          ${session.may('operator') && service.release && html`<argus-scale .service=${service}></argus-scale>`}
        </div>
        <argus-instances .instances=${service.instances}></argus-instances>
      </section>
      <argus-graphs class="section" service=${service.name}></argus-graphs>
      <argus-log class="section" service=${service.name}></argus-log>
    `;
  }

  get #deployment() {
    return this.querySelector('argus-deployment');
  }

  async #loadDeployment() {
    if (!session.active) {
      return;
    }
    try {
      const [newest] = await call('GET', `/deployments?service=${this.#service.name}&limit=1`, { signal: this.signal });
      if (newest) {
        this.#deployment.deployment = newest;
      }
    } catch {
      // the panel stays away; the connection says when the server is not heard
    }
  }

  #noticeDeployment(id) {
    if (this.#deployment.dataset.id !== id) {
      this.#deployment.dataset.id = id;
      this.#loadDeployment();
    }
  }
}

function releaseText(release) {
  return release === null
    ? 'none yet'
    : `${release.number} · ${shortRevision(release.revision)} · built ${ago(serverNow() - Date.parse(release.builtAt))}`;
}

customElements.define('argus-service-now', ServiceNow);
