import { el, reconcile, setAttribute, setText } from '../base/dom.js';
import { duration } from '../base/format.js';
import { serverNow } from '../base/http.js';

const MEANING = {
  checkout: 'Fetch the repository',
  build: 'Build',
  start: 'Start the new instances',
  verify: 'Wait until they are healthy',
  switch: 'Make the release the live one',
  drain: 'Let the old instances finish',
  bake: 'Keep the old release ready, should the new one fail',
  stop: 'Stop the old instances',
  prune: 'Remove old releases',
};

/** The steps of a deployment, with their states and times. */
class Steps extends HTMLElement {
  #list = el('ol', { class: 'steps' });

  connectedCallback() {
    if (!this.firstChild) {
      this.append(this.#list);
    }
  }

  /** What it shows. */
  set steps(steps) {
    reconcile(this.#list, steps, (step) => step.name, makeStep, showStep);
  }
}

function makeStep(step) {
  return el(
    'li',
    {},
    el('span', { class: 'step-sign', 'aria-hidden': 'true' }),
    el('span', { class: 'step-name' }, MEANING[step.name] ?? step.name),
    el('span', { class: 'step-state' }),
    el('span', { class: 'step-time' }),
    el('span', { class: 'step-detail' }),
  );
}

function showStep(element, step) {
  const [, , state, time, detail] = element.children;
  setAttribute(element, 'data-state', step.state);
  setAttribute(element, 'aria-current', step.state === 'running' ? 'step' : null);
  setText(state, step.state === 'pending' ? '' : step.state);
  setText(time, timeOf(step));
  setText(detail, step.detail);
  detail.hidden = !step.detail;
}

function timeOf(step) {
  if (!step.startedAt || step.state === 'skipped') {
    return '';
  }
  const end = step.finishedAt ? Date.parse(step.finishedAt) : serverNow();
  return duration(end - Date.parse(step.startedAt));
}

customElements.define('argus-steps', Steps);
