import { html } from '../base/template.js';
import { View } from '../base/view.js';
import { whileBusy } from './busy.js';

/** Asks for the name of what is to be destroyed, so that nobody does it by a slip of the hand. */
class AskName extends View {
  static #made = 0;

  // a page may have several of it, and labels find what they name by an id that nothing else has
  #id = `ask-name-${AskName.#made++}`;
  #question = null;
  #said = '';

  /**
   * Asks.
   *
   * `title` and `words` say what is to happen, `name` is what has to be typed, `keep` and `go` are on the buttons, `option` is a thing that may be chosen besides, or
   * missing; `act` does it, is told whether the option was chosen, and throws what went wrong.
   */
  ask(question) {
    this.#question = question;
    this.#said = '';
    this.draw();
    this.querySelector('form').reset();
    this.querySelector('dialog').showModal();
    this.#field.focus();
  }

  template() {
    const { title, words, name, keep, go, option } = this.#question ?? {};
    return html`
      <dialog aria-labelledby="${this.#id}-title">
        <form autocomplete="off" @submit=${(event) => this.#send(event)}>
          <h2 id="${this.#id}-title">${title}</h2>
          <p>${words}</p>
          ${option && html`<label class="check"><input type="checkbox" name="option"><span>${option}</span></label>`}
          <div class="field">
            <label for=${this.#id}>Type ${name} to confirm</label>
            <input id=${this.#id} name="name" autocomplete="off" autocapitalize="none" spellcheck="false"
              aria-describedby="${this.#id}-error" aria-invalid=${this.#said !== '' && 'true'}>
            <p class="field-error" id="${this.#id}-error" role="alert">${this.#said}</p>
          </div>
          <div class="buttons">
            <button type="button" @click=${() => this.querySelector('dialog').close()}>${keep}</button>
            <button type="submit" class="danger">${go}</button>
          </div>
        </form>
      </dialog>
    `;
  }

  get #field() {
    return this.querySelector('[name="name"]');
  }

  #say(sentence) {
    this.#said = sentence;
    this.draw();
  }

  async #send(event) {
    event.preventDefault();
    const { name, act } = this.#question;
    const { elements } = event.currentTarget;
    if (elements.name.value.trim() !== name) {
      this.#say(`That is not the name; type ${name}.`);
      this.#field.focus();
      return;
    }
    this.#say('');
    const dialog = this.querySelector('dialog');
    await whileBusy([event.submitter ?? this.querySelector('[type="submit"]')], async () => {
      try {
        await act(elements.option?.checked ?? false);
        dialog.close();
      } catch (problem) {
        if (dialog.open) {
          this.#say(problem.message);
        } else {
          this.dispatchEvent(new CustomEvent('problem', { detail: problem, bubbles: true }));
        }
      }
    });
  }
}

customElements.define('argus-ask-name', AskName);
