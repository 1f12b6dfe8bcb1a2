import { el, setAttribute, setText } from '../base/dom.js';
import { call } from '../base/http.js';
import { services } from '../state/services.js';
import { whileBusy } from './busy.js';

/** The service may need its whole time for stopping. */
const LONGEST_UNDEPLOY = 15 * 60_000;

/** Asks whether a service is really to go, and lets it go. */
class Undeploy extends HTMLElement {
  #service = null;
  #title = el('h2', { id: 'undeploy-title' });
  #label = el('label', { for: 'undeploy-name' });
  #name = el('input', {
    id: 'undeploy-name', autocomplete: 'off', autocapitalize: 'none', spellcheck: 'false', 'aria-describedby': 'undeploy-error',
  });
  #keep = el('input', { type: 'checkbox', id: 'undeploy-keep' });
  #error = el('p', { class: 'field-error', id: 'undeploy-error', role: 'alert' });
  #go = el('button', { type: 'submit', class: 'danger' }, 'Undeploy');
  #dialog = el(
    'dialog',
    { 'aria-labelledby': 'undeploy-title' },
    el(
      'form',
      { submit: (event) => this.#send(event) },
      this.#title,
      el('p', {}, 'It is stopped, and its releases, repository, logs and data directory are removed from this server. This cannot be undone.'),
      el('label', { class: 'check', for: 'undeploy-keep' }, this.#keep, 'Keep its data directory'),
      el('div', { class: 'field' }, this.#label, this.#name, this.#error),
      el(
        'div',
        { class: 'buttons' },
        el('button', { type: 'button', click: () => this.#dialog.close() }, 'Keep the service'),
        this.#go,
      ),
    ),
  );

  connectedCallback() {
    if (!this.firstChild) {
      this.append(this.#dialog);
    }
  }

  /** Asks about that service. */
  ask(service) {
    this.#service = service;
    setText(this.#title, `Undeploy ${service.name}?`);
    setText(this.#label, `Type ${service.name} to confirm`);
    this.#name.value = '';
    this.#keep.checked = false;
    this.#say('');
    this.#dialog.showModal();
    this.#name.focus();
  }

  #say(sentence) {
    setText(this.#error, sentence);
    setAttribute(this.#name, 'aria-invalid', sentence === '' ? null : 'true');
  }

  async #send(event) {
    event.preventDefault();
    const { name } = this.#service;
    if (this.#name.value.trim() !== name) {
      this.#say(`That is not the name; type ${name}.`);
      this.#name.focus();
      return;
    }
    this.#say('');
    await whileBusy([this.#go], async () => {
      try {
        const keep = this.#keep.checked ? '?keepData=true' : '';
        await call('DELETE', `/services/${name}${keep}`, { wait: LONGEST_UNDEPLOY });
        this.#dialog.close();
        services.drop(name);
      } catch (problem) {
        if (this.#dialog.open) {
          this.#say(problem.message);
        } else {
          this.dispatchEvent(new CustomEvent('problem', { detail: problem, bubbles: true }));
        }
      }
    });
  }
}

customElements.define('argus-undeploy', Undeploy);
