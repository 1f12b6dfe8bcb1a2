import './lines.js';
import './steps.js';

import { announce } from '../base/announce.js';
import { el, setAttribute, setText } from '../base/dom.js';
import { ago, shortRevision } from '../base/format.js';
import { call, serverNow } from '../base/http.js';
import { Panel } from '../base/panel.js';
import { DONE, follow } from '../base/stream.js';
import { nothing, render } from '../base/template.js';
import { services } from '../state/services.js';
import { session } from '../state/session.js';
import { whileBusy } from './busy.js';
import { noticePlace, notify } from './notice.js';
import { addressOf } from './service-link.js';

const TICK = 500;

/** One deployment: its steps as they go on, what the build writes, and the way to cancel it. */
class Deployment extends Panel {
  #deployment = null;
  #following = new AbortController();
  /** What the events have told of its steps, since they are followed. */
  #heard = [];
  #title = el('h2', { id: 'deployment-title' });
  #meta = el('p', { class: 'soft small' });
  #cause = el('p', { class: 'cause' });
  #notice = noticePlace();
  #steps = el('argus-steps');
  #lines = el('argus-lines', { 'aria-label': 'Output of the build' });
  #output = el('details', { class: 'output' }, el('summary', {}, 'Output of the build'), this.#lines);
  #link = el('p');
  #cancel = el('button', { type: 'button', click: () => this.#askCancel() }, 'Cancel deployment');

  build() {
    this.append(
      el('div', { class: 'section-head' }, this.#title, this.#cancel),
      this.#meta,
      this.#cause,
      this.#link,
      this.#notice,
      this.#steps,
      this.#output,
    );
    this.hidden = this.#deployment === null;
  }

  shown() {
    this.signal.addEventListener('abort', () => this.#following.abort());
    this.listen(session, 'changed', () => this.#deployment && this.#show());
    this.listen(services, 'changed', () => this.#deployment && this.#show());
    this.repeat(TICK, () => this.#running && this.#show());
    if (this.#deployment !== null) {
      this.#show();
      this.#follow();
    }
  }

  /** What it shows; a newer one than before is followed from its beginning, and an older one left out. */
  set deployment(deployment) {
    const known = this.#deployment;
    if (known !== null && (known.id === deployment.id || Date.parse(known.createdAt) > Date.parse(deployment.createdAt))) {
      return;
    }
    this.#deployment = structuredClone(deployment);
    this.#output.open = this.#running || deployment.outcome === 'failed';
    if (this.isConnected) {
      this.#show();
      this.#follow();
    }
  }

  get #running() {
    return this.#deployment !== null && this.#deployment.outcome === null;
  }

  /** One that is over is read from what is kept of it; the events of one that runs are followed. */
  #follow() {
    const { id, outcome } = this.#deployment;
    this.#following.abort();
    this.#following = new AbortController();
    const { signal } = this.#following;
    this.#lines.clear();
    this.#heard = [];
    if (outcome !== null) {
      this.#readLog(id, signal);
      return;
    }
    follow(`/deployments/${encodeURIComponent(id)}/events`, {
      signal,
      resume: true,
      onEvent: ({ type, data }) => this.#hear(type, data),
      // what happened while the line was broken may be more than the server replays
      onState: (state) => state === 'open' && this.#reload(signal),
    });
  }

  async #readLog(id, signal) {
    try {
      const { lines } = await call('GET', `/deployments/${encodeURIComponent(id)}/log`, { signal });
      this.#lines.dataset.several = String(new Set(lines.map(({ source }) => source)).size > 1);
      lines.forEach(({ source, text }) => this.#lines.add(text, { before: source }));
    } catch (problem) {
      if (!signal.aborted) {
        this.#lines.add(problem.status === 404 ? 'Its output is not kept any more.' : problem.message, { kind: 'note' });
      }
    }
  }

  #hear(type, data) {
    if (type === 'deployment-output') {
      this.#lines.add(data.line);
    } else if (type === 'skipped') {
      this.#lines.add(`${data.skipped} events came too fast for this page and are left out.`, { kind: 'note' });
    } else if (type === 'deployment-progress') {
      this.#heard.push(data);
      this.#progress(data);
      this.#show();
    } else if (type === 'deployment-finished') {
      this.#finish(data);
      return DONE;
    }
    return undefined;
  }

  #progress({ step: name, state, detail, at }) {
    const step = this.#deployment.steps.find((known) => known.name === name);
    if (step && step.finishedAt === null) {
      step.state = state;
      step.detail = detail ?? null;
      step.startedAt ??= at;
      step.finishedAt = state === 'running' ? null : at;
    }
  }

  #finish({ outcome, cause, release, at }) {
    Object.assign(this.#deployment, { outcome, cause: cause ?? null, release: release ?? null, finishedAt: at });
    this.#show();
    announce(`The deployment of ${this.#deployment.service} has ended: ${outcome.replace('-', ' ')}.`);
    this.dispatchEvent(new CustomEvent('finished', { bubbles: true }));
    this.#reload(this.#following.signal);
    if (outcome !== 'succeeded') {
      // with the last lines of its instances, which no event tells
      this.#lines.clear();
      this.#readLog(this.#deployment.id, this.#following.signal);
      this.#output.open = true;
    }
  }

  async #reload(signal) {
    const before = this.#heard.length;
    try {
      const known = await call('GET', `/deployments/${encodeURIComponent(this.#deployment.id)}`, { signal });
      if (this.#running || known.outcome !== null) {
        this.#deployment = known;
        // the answer may be older than what was heard while it was on its way
        this.#heard.slice(before).forEach((data) => this.#progress(data));
        this.#show();
      }
    } catch {
      // the events tell the same; this was only to be sure of it
    }
  }

  #show() {
    const { id, outcome, cause, release, revision, ref, by, createdAt, steps } = this.#deployment;
    this.hidden = false;
    setAttribute(this, 'data-outcome', outcome ?? 'running');
    const onTrial = outcome === null && steps.some((step) => step.name === 'bake' && step.state === 'running');
    setText(this.#title, titleOf(outcome, onTrial));
    setText(this.#cancel, onTrial ? 'Go back to the release before' : 'Cancel deployment');
    const parts = [
      id,
      release && `release ${release}`,
      [ref, shortRevision(revision)].filter(Boolean).join(' at '),
      by && `by ${by}`,
      createdAt && ago(serverNow() - Date.parse(createdAt)),
    ];
    setText(this.#meta, parts.filter(Boolean).join(' · '));
    setText(this.#cause, cause);
    this.#cause.hidden = !cause;
    const url = outcome === 'succeeded' || onTrial ? services.get(this.#deployment.service)?.url : null;
    this.#link.hidden = !url;
    render(addressOf(url) ?? nothing, this.#link);
    this.#steps.steps = steps;
    const cancellable = outcome === null && session.may('operator');
    if (this.#cancel.hidden === cancellable) {
      this.#cancel.hidden = !cancellable;
    }
  }

  #askCancel() {
    return whileBusy([this.#cancel], async () => {
      try {
        await call('DELETE', `/deployments/${encodeURIComponent(this.#deployment.id)}`);
      } catch (problem) {
        notify(this.#notice, problem.message);
      }
    });
  }
}

function titleOf(outcome, onTrial) {
  if (outcome === null) {
    return onTrial ? 'Deployed, and on trial' : 'Deployment under way';
  }
  return `Deployment ${outcome.replace('-', ' ')}`;
}

customElements.define('argus-deployment', Deployment);
