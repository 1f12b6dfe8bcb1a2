/* Templates of lit-html whose texts, like those of dom.js, have every hiding character escaped. */

import { html as unescaped, nothing, render, svg } from '/lib/lit-html/lit-html.js';
import { repeat } from '/lib/lit-html/directives/repeat.js';
import { visible } from './visible.js';

export { nothing, render, repeat, svg };

/** A text as it is, for what somebody is to edit: with escapes it would be saved as those. */
export class Raw {
  constructor(text) {
    this.text = text;
  }
}

/** A template; strings among its values become text or attributes with hiding characters as escapes. */
export function html(strings, ...values) {
  return unescaped(strings, ...values.map(shown));
}

function shown(value) {
  if (typeof value === 'string') {
    return visible(value);
  }
  if (value === null || value === undefined || value === false) {
    return nothing;
  }
  if (value instanceof Raw) {
    return value.text;
  }
  return Array.isArray(value) ? value.map(shown) : value;
}
