import { setAttribute } from '../base/dom.js';

/** Keeps the buttons from being pressed again while the work is under way; the work says itself what went wrong. */
export async function whileBusy(buttons, work) {
  const show = (busy) =>
    buttons.forEach((button) => {
      // not `disabled`, which would throw the focus away
      setAttribute(button, 'aria-disabled', busy ? 'true' : null);
    });
  if (buttons.some((button) => button.getAttribute('aria-disabled') === 'true')) {
    return;
  }
  show(true);
  try {
    await work();
  } finally {
    show(false);
  }
}
