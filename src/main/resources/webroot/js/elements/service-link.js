import { el, setAttribute, setText } from '../base/dom.js';

/** The address of a service, as a link if it is one that a browser should follow. */
export function serviceLink() {
  return el('a', { class: 'service-url', target: '_blank', rel: 'noopener noreferrer' });
}

/** Makes it lead elsewhere. */
export function showLink(link, url) {
  const safe = /^https?:\/\//i.test(url ?? '') ? url : null;
  link.hidden = !url;
  setAttribute(link, 'href', safe);
  setText(link, url);
}
