import { html } from '../base/template.js';

/** A status word with its colour and sign; the word alone says it all. */
export function statusWord(status) {
  return html`<span class="status" data-status=${status}><span class="status-sign" aria-hidden="true"></span><span>${status}</span></span>`;
}
