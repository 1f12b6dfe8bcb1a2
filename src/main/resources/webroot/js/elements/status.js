import { el, setAttribute, setText } from '../base/dom.js';

/** A status word with its colour and sign; the word alone says it all. */
export function statusMark(status) {
  const mark = el('span', { class: 'status' }, el('span', { class: 'status-sign', 'aria-hidden': 'true' }), el('span'));
  showStatus(mark, status);
  return mark;
}

/** Makes a mark say another status. */
export function showStatus(mark, status) {
  setAttribute(mark, 'data-status', status);
  setText(mark.lastElementChild, status);
}
