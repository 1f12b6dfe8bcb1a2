import { html } from './template.js';

/** A time as the reader's clock shows it, with UTC for whoever points at it. */
export function time(iso, text) {
  const utc = new Date(iso).toISOString().replace('T', ' ').replace('Z', ' UTC');
  return html`<time datetime=${iso} title=${utc}>${text}</time>`;
}
