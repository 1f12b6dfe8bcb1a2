/* The drawing of a graph, by uPlot; it is only loaded when there is something to draw. */

const LIBRARY = '/lib/uplot/dist/uPlot.iife.min.js';
const STYLES = '/lib/uplot/dist/uPlot.min.css';
const HEIGHT = 130;
let loading = null;

/** uPlot, which is a script of the old kind in its small form. */
function library() {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = LIBRARY;
    script.addEventListener('load', () => resolve(window.uPlot));
    script.addEventListener('error', () => {
      loading = null;
      reject(new Error('The drawing of graphs could not be loaded; try again.'));
    });
    const styles = document.createElement('link');
    styles.rel = 'stylesheet';
    styles.href = STYLES;
    document.head.append(styles, script);
  });
  return loading;
}

/**
 * Draws the lines of a graph, as wide as its place. Gives the element, `fit` for another width and `end`.
 *
 * @param graph `{lines: [{key, bad}], text, least}`
 * @param figures `{from, step, KEY: [value or null]}`
 */
export async function drawn(place, graph, figures) {
  const Plot = await library();
  const element = document.createElement('div');
  const first = Date.parse(figures.from) / 1000;
  const times = figures[graph.lines[0].key].map((_, index) => first + index * figures.step);
  const colours = getComputedStyle(document.documentElement);
  const named = (name) => colours.getPropertyValue(name).trim();
  const axis = { stroke: named('--ink-soft'), grid: { stroke: named('--line'), width: 1 }, ticks: { show: false }, font: '11px system-ui' };
  const options = {
    width: Math.max(160, place.clientWidth),
    height: HEIGHT,
    legend: { show: false },
    cursor: { y: false, points: { size: 6 } },
    scales: { y: { range: (plot, low, high) => [0, Math.max(graph.least, (high ?? 0) * 1.15)] } },
    axes: [
      { ...axis, size: 24, space: 70, values: (plot, splits) => splits.map((at) => moment(at, times)) },
      { ...axis, size: 62, space: 34, values: (plot, splits) => splits.map((value) => graph.text(value)) },
    ],
    series: [
      {},
      ...graph.lines.map(({ bad }) => ({
        stroke: named(bad ? '--bad' : '--accent'),
        width: 1.5,
        points: { show: false },
        spanGaps: false,
      })),
    ],
    hooks: { setCursor: [(plot) => showPoint(plot, graph, times)] },
  };
  const plot = new Plot(options, [times, ...graph.lines.map(({ key }) => figures[key])], element);
  return {
    element,
    fit: () => plot.setSize({ width: Math.max(160, place.clientWidth), height: HEIGHT }),
    end: () => plot.destroy(),
  };
}

/** "14:05", or with the day where the graph is longer than one. */
function moment(at, times) {
  const date = new Date(at * 1000);
  const long = times.at(-1) - times[0] > 30 * 3600;
  return long
    ? date.toLocaleDateString([], { weekday: 'short', day: 'numeric' })
    : date.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
}

/** Says time and values below the pointer, as the title of the drawing. */
function showPoint(plot, graph, times) {
  const { idx } = plot.cursor;
  if (idx === null || idx === undefined) {
    plot.root.removeAttribute('title');
    return;
  }
  const at = new Date(times[idx] * 1000);
  const values = graph.lines.map(({ label }, line) => {
    const value = plot.data[line + 1][idx];
    return `${graph.lines.length > 1 ? `${label} ` : ''}${value === null ? 'not known' : graph.text(value)}`;
  });
  plot.root.title = `${at.toLocaleString()} · ${values.join(' · ')}`;
}
