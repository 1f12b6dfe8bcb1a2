import { html } from '../base/template.js';

/** The address of a service, as a link if it is one that a browser should follow. */
export function addressOf(url) {
  if (!url) {
    return null;
  }
  return /^https?:\/\//i.test(url)
    ? html`<a class="service-url" href=${url} target="_blank" rel="noopener noreferrer">${url}</a>`
    : html`<span class="service-url">${url}</span>`;
}
