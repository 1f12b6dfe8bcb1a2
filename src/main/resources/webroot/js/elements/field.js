import { el, setAttribute, setText } from '../base/dom.js';

/** A labelled input with its hint and a place for what is wrong with it. */
export class Field extends HTMLElement {
  #input;
  #error;
  #hint;
  #usualHint;

  /** Makes the field of that description (see deploy-fields.js). */
  static of({ path, label, hint, lines, code, mode }) {
    const field = document.createElement('argus-field');
    const id = `field-${path.replace('.', '-')}`;
    field.className = 'field';
    field.#error = el('p', { class: 'field-error', id: `${id}-error` });
    field.#input = el(lines ? 'textarea' : 'input', {
      id,
      name: path,
      rows: lines ? 4 : null,
      type: lines ? null : 'text',
      inputmode: mode,
      class: code && 'code',
      autocomplete: 'off',
      autocapitalize: 'none',
      spellcheck: 'false',
      'aria-describedby': `${id}-error ${id}-hint`,
      input: () => field.say(''),
    });
    field.#usualHint = hint;
    field.#hint = el('p', { class: 'hint', id: `${id}-hint` }, hint);
    field.append(el('label', { for: id }, label), field.#input, field.#error, field.#hint);
    return field;
  }

  get value() {
    return this.#input.value;
  }

  set value(text) {
    this.#input.value = text;
  }

  set readOnly(readOnly) {
    this.#input.readOnly = readOnly;
  }

  /** Says something else than its usual hint, or with null that again. */
  hint(sentence) {
    setText(this.#hint, sentence ?? this.#usualHint);
  }

  /** Offers these texts; anything else can be written all the same. */
  offer(texts) {
    const id = `${this.#input.id}-offers`;
    this.querySelector('datalist')?.remove();
    this.append(el('datalist', { id }, texts.map((text) => el('option', { value: text }))));
    this.#input.setAttribute('list', id);
  }

  /** Says what is wrong with it; nothing when the sentence is empty. */
  say(sentence) {
    setText(this.#error, sentence);
    setAttribute(this.#input, 'aria-invalid', sentence === '' ? null : 'true');
  }

  /** Brings it into view, out of any closed group. */
  reveal() {
    for (let around = this.closest('details'); around !== null; around = around.parentElement.closest('details')) {
      around.open = true;
    }
    this.#input.focus();
  }
}

customElements.define('argus-field', Field);
