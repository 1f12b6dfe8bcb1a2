import { svg } from './template.js';

const WIDTH = 72;
const HEIGHT = 24;
const EDGE = 2;

/**
 * The lines of a path through the values, from left to right, in a box of 72 by 24. What is not known is a gap; one value
 * alone is a dot. Pure.
 *
 * @param values numbers, or null where nothing is known
 * @param least what the top of the box stands for at least, so that noise near zero stays flat
 */
export function pathOf(values, least) {
  const known = values.filter((value) => value !== null);
  const top = Math.max(least, ...known);
  const step = (WIDTH - 2 * EDGE) / Math.max(1, values.length - 1);
  let path = '';
  values.forEach((value, index) => {
    if (value === null) {
      return;
    }
    const x = (EDGE + index * step).toFixed(1);
    const y = (HEIGHT - EDGE - (Math.max(0, value) / top) * (HEIGHT - 2 * EDGE)).toFixed(1);
    const goesOn = index > 0 && values[index - 1] !== null;
    path += goesOn ? `L${x} ${y}` : `M${x} ${y}h0.1`;
  });
  return path;
}

/** A small graph without words; the figure beside it says what matters. */
export function sparkline(values, least) {
  return svg`<svg class="sparkline" viewBox="0 0 ${WIDTH} ${HEIGHT}" width=${WIDTH} height=${HEIGHT} aria-hidden="true"
    ><path d=${pathOf(values, least)} /></svg>`;
}
