import { el } from '../base/dom.js';
import { call } from '../base/http.js';
import { Panel } from '../base/panel.js';
import { services } from '../state/services.js';
import { session } from '../state/session.js';
import { whileBusy } from './busy.js';

const VERBS = [
  { verb: 'start', label: 'Start', offered: (service) => service.desired === 'stopped' && service.release !== null },
  { verb: 'restart', label: 'Restart', offered: (service) => service.desired === 'running' && service.release !== null },
  { verb: 'stop', label: 'Stop', offered: (service) => service.desired === 'running' },
];

/** Start, restart and stop of one service, as far as they make sense now and the role may do them. */
class ServiceActions extends Panel {
  #buttons = new Map();
  #service;
  #pressed = null;

  build() {
    for (const { verb, label } of VERBS) {
      const button = el('button', { type: 'button', click: () => this.#act(verb, button) }, label);
      this.#buttons.set(verb, button);
      this.append(button);
    }
    this.#show();
  }

  shown() {
    this.listen(session, 'changed', () => this.#show());
  }

  /** The service to act on. */
  set service(service) {
    this.#service = service;
    this.#show();
  }

  #show() {
    for (const { verb, label, offered } of VERBS) {
      const button = this.#buttons.get(verb);
      if (button && this.#service) {
        // while its order is under way it is disabled, and a browser may have taken the focus off it by then
        const left = button === this.#pressed && document.activeElement === document.body;
        const had = button === document.activeElement || left;
        button.hidden = !session.may('operator') || !offered(this.#service);
        button.ariaLabel = `${label} ${this.#service.name}`;
        if (had && button.hidden) {
          // the button that was pressed gives way to another one; the focus goes along
          this.querySelector('button:not([hidden])')?.focus();
        }
      }
    }
  }

  #act(verb, button) {
    this.#pressed = button;
    return whileBusy([button], async () => {
      try {
        services.put(await call('POST', `/services/${this.#service.name}/${verb}`));
      } catch (problem) {
        this.dispatchEvent(new CustomEvent('problem', { detail: problem, bubbles: true }));
      }
    });
  }
}

customElements.define('argus-service-actions', ServiceActions);
