import { el, fill } from '../base/dom.js';

/** A place for one sentence about what has just gone wrong; empty it takes no room. */
export function noticePlace() {
  return el('div', { class: 'notice-place', role: 'alert' });
}

/** Says the sentence there, until it is dismissed or another one comes. */
export function notify(place, sentence) {
  const dismiss = el('button', { type: 'button', class: 'quiet', click: () => clearNotice(place) }, 'Dismiss');
  fill(place, el('div', { class: 'notice' }, el('p', {}, sentence), dismiss));
}

/** Takes the sentence away. */
export function clearNotice(place) {
  fill(place);
}
