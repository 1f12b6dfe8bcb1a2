import './deployment.js';
import './instances.js';
import './log.js';
import './service-actions.js';
import './undeploy.js';

import { el, fill, setText } from '../base/dom.js';
import { ago, dateAndTime, shortRevision } from '../base/format.js';
import { call, serverNow } from '../base/http.js';
import { Panel } from '../base/panel.js';
import { live } from '../state/live.js';
import { services } from '../state/services.js';
import { session } from '../state/session.js';
import { whileBusy } from './busy.js';
import { clearNotice, noticePlace, notify } from './notice.js';
import { serviceLink, showLink } from './service-link.js';
import { showStatus, statusMark } from './status.js';

/** One service: how it is and why, its instances, its newest deployment, its log. */
class ServiceDetail extends Panel {
  #name;
  #status = statusMark('');
  #reason = el('p', { class: 'reason' });
  #notes = el('div');
  #link = serviceLink();
  #repository = el('dd');
  #ref = el('dd');
  #release = el('dd');
  #notice = noticePlace();
  #actions = el('argus-service-actions');
  #redeploy = el('button', { type: 'button', class: 'primary', click: () => this.#deployAgain() }, 'Deploy again');
  #settings = el('a', { class: 'button' }, 'Deploy with changes');
  #undeploy = el('button', { type: 'button', class: 'danger', click: () => this.#dialog.ask(services.get(this.#name)) }, 'Undeploy');
  #dialog = el('argus-undeploy');
  #instances = el('argus-instances');
  #deployment = el('argus-deployment', { class: 'section' });
  #body = el('div', { class: 'detail-body' });
  #gone = el('div', { class: 'empty' });

  build() {
    this.#name = this.getAttribute('service');
    this.#settings.href = `#/services/${this.#name}/deploy`;
    this.#body.append(
      el('div', { class: 'detail-reason' }, this.#reason, this.#link),
      this.#notes,
      el('div', { class: 'buttons' }, this.#redeploy, this.#settings, this.#actions, this.#undeploy),
      this.#notice,
      el('dl', { class: 'facts' }, fact('Release', this.#release), fact('Repository', this.#repository), fact('Ref', this.#ref)),
      el('section', { class: 'section' }, el('h2', { id: 'instances-title' }, 'Instances'), this.#instances),
      this.#deployment,
      el('argus-log', { class: 'section', service: this.#name }),
      this.#dialog,
    );
    this.append(
      el('a', { class: 'back', href: '#/' }, '← All services'),
      el('div', { class: 'view-head' }, el('h1', { id: 'view-title', tabindex: -1 }, this.#name), this.#status),
      this.#gone,
    );
    this.addEventListener('problem', ({ detail }) => notify(this.#notice, detail.message));
  }

  shown() {
    this.listen(services, 'changed', () => this.#show());
    this.listen(session, 'changed', () => this.#show());
    this.listen(live, 'opened', () => this.#loadDeployment());
    this.listen(live, 'event', ({ detail: { type, data } }) => {
      if (data.service === this.#name && type === 'deployment-progress') {
        this.#noticeDeployment(data.deployment);
      }
    });
    this.#show();
    this.#loadDeployment();
  }

  #show() {
    const service = services.get(this.#name);
    if (!service) {
      this.#showMissing();
      return;
    }
    if (!this.#body.isConnected) {
      this.#gone.replaceWith(this.#body);
    }
    document.title = `${service.name} ${service.status} · Argus`;
    this.#status.hidden = false;
    showStatus(this.#status, service.status);
    setText(this.#reason, service.reason);
    this.#reason.hidden = !service.reason;
    fill(this.#notes, ...(service.notes ?? []).map((note) => el('p', { class: 'reason' }, note)));
    showLink(this.#link, service.url);
    setText(this.#repository, service.repository);
    setText(this.#ref, service.ref ?? 'the default branch');
    this.#showRelease(service.release);
    this.#actions.service = service;
    this.#instances.instances = service.instances;
    for (const control of [this.#redeploy, this.#settings, this.#undeploy]) {
      control.hidden = !session.may('operator');
    }
  }

  #showRelease(release) {
    setText(
      this.#release,
      release === null
        ? 'none yet'
        : `${release.number} · ${shortRevision(release.revision)} · built ${ago(serverNow() - Date.parse(release.builtAt))}`,
    );
    this.#release.title = release === null ? '' : `${release.revision}, ${dateAndTime(release.builtAt)}`;
  }

  #showMissing() {
    this.#status.hidden = true;
    if (this.#body.isConnected) {
      // its panels stop listening, and an open dialog goes with them
      this.#body.replaceWith(this.#gone);
    }
    if (services.loaded) {
      fill(
        this.#gone,
        el('p', {}, `There is no service ${this.#name} here (any more).`),
        el('p', {}, el('a', { class: 'button', href: '#/' }, 'See all services')),
      );
    }
  }

  async #loadDeployment() {
    if (!session.active) {
      return;
    }
    try {
      const [newest] = await call('GET', `/deployments?service=${this.#name}&limit=1`, { signal: this.signal });
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

  #deployAgain() {
    clearNotice(this.#notice);
    return whileBusy([this.#redeploy], async () => {
      try {
        const { deployment } = await call('POST', `/services/${this.#name}/deploy`, { body: {} });
        this.#deployment.deployment = deployment;
      } catch (problem) {
        notify(this.#notice, problem.message);
      }
    });
  }
}

function fact(label, value) {
  return el('div', {}, el('dt', {}, label), value);
}

customElements.define('argus-service-detail', ServiceDetail);
