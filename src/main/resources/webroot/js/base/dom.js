/* Elements out of data: text becomes text nodes, never markup. */

import { visible } from './visible.js';

const SPOKEN = new Set(['title', 'aria-label', 'placeholder']);

/**
 * Makes an element. An attribute that is true is set empty; false, null and undefined leave it away; a function is a
 * listener. Children that are not nodes become text, with hiding characters escaped.
 */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') {
      element.addEventListener(name, value);
    } else {
      setAttribute(element, name, value);
    }
  }
  element.append(...asNodes(children));
  return element;
}

/** Sets, or with false or null takes away, an attribute. */
export function setAttribute(element, name, value) {
  if (value === false || value === null || value === undefined) {
    element.removeAttribute(name);
    return;
  }
  const text = value === true ? '' : SPOKEN.has(name) ? visible(value) : String(value);
  if (element.getAttribute(name) !== text) {
    element.setAttribute(name, text);
  }
}

/** Shows text in an element, and leaves the element alone when it shows it already: selections and screen readers stay. */
export function setText(element, text) {
  const shown = text === null || text === undefined ? '' : visible(text);
  if (element.textContent !== shown) {
    element.textContent = shown;
  }
}

/** Replaces the children, taking text as el does. */
export function fill(element, ...children) {
  element.replaceChildren(...asNodes(children));
}

/**
 * Makes the children of `parent` those of `items`, in their order, keeping the element of every item that stays.
 *
 * @param keyOf an item's key
 * @param make an item's new element
 * @param update brings an item's element up to date
 */
export function reconcile(parent, items, keyOf, make, update) {
  const known = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  let place = parent.firstElementChild;
  for (const item of items) {
    const key = String(keyOf(item));
    const element = known.get(key) ?? make(item);
    known.delete(key);
    element.dataset.key = key;
    update(element, item);
    if (element === place) {
      place = place.nextElementSibling;
    } else {
      parent.insertBefore(element, place);
    }
  }
  known.forEach((element) => element.remove());
}

function asNodes(children) {
  return children
    .flat()
    .filter((child) => child !== null && child !== undefined && child !== false)
    .map((child) => (child instanceof Node ? child : document.createTextNode(visible(child))));
}
