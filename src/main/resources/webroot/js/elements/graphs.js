import { bytes, percent } from '../base/format.js';
import { call } from '../base/http.js';
import { html } from '../base/template.js';
import { View } from '../base/view.js';
import { live } from '../state/live.js';
import { session } from '../state/session.js';
import { drawn } from './graph-drawing.js';

/** The ranges that Argus keeps, and how often each is asked for again, in milliseconds. */
const RANGES = [
  { key: '1h', label: '1 hour', often: 15_000 },
  { key: '24h', label: '24 hours', often: 60_000 },
  { key: '7d', label: '7 days', often: 300_000 },
];

const perSecond = (value) => (value === null ? '–' : `${value < 10 ? value.toFixed(1) : Math.round(value)}/s`);
const millis = (value) => (value === null ? '–' : `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`);

const GRAPHS = [
  { title: 'CPU', lines: [{ key: 'cpu', label: 'CPU' }], text: percent, least: 1 },
  { title: 'Memory', lines: [{ key: 'memory', label: 'Memory' }], text: bytes, least: 1024 * 1024 },
  { title: 'Answer to probes', lines: [{ key: 'probe', label: 'Answer to probes' }], text: millis, least: 1 },
  {
    title: 'Requests',
    lines: [{ key: 'requests', label: 'Requests' }, { key: 'errors', label: 'Errors', bad: true }],
    text: perSecond,
    least: 1,
  },
];

/** The figures of a service over time, as far back as they are kept. */
class Graphs extends View {
  #range = RANGES[0];
  #figures = null;
  #problem = null;
  #asked = -Infinity;
  #graphs = [];

  shown() {
    this.listen(live, 'beat', () => this.#askIfOld());
    this.listen(matchMedia('(prefers-color-scheme: dark)'), 'change', () => this.#redraw());
    this.signal.addEventListener('abort', () => this.#clear());
    const sizes = new ResizeObserver(() => this.#graphs.forEach((graph) => graph.fit()));
    sizes.observe(this);
    this.signal.addEventListener('abort', () => sizes.disconnect());
    this.draw();
    this.#askIfOld();
  }

  template() {
    return html`
      <div class="section-head">
        <h2>Figures</h2>
        <div class="choices" role="group" aria-label="How far back">
          ${RANGES.map((range) => html`
            <button type="button" class="choice" aria-pressed=${String(range === this.#range)} @click=${() => this.#choose(range)}>${range.label}</button>
          `)}
        </div>
      </div>
      ${this.#problem && html`<p class="field-error" role="alert">${this.#problem}</p>`}
      <div class="graphs">
        ${GRAPHS.map((graph) => html`
          <figure class="graph">
            <figcaption>
              <span class="graph-title">${graph.title}</span>
              ${graph.lines.map((line) => html`
                <span class="graph-now" data-line=${line.bad ? 'bad' : 'plain'}>
                  ${graph.lines.length > 1 && html`<span class="soft">${line.label}</span> `}${this.#now(graph, line)}
                </span>
              `)}
            </figcaption>
            <div class="canvas" role="img" aria-label=${this.#spoken(graph)}></div>
          </figure>
        `)}
      </div>
    `;
  }

  #known({ key }) {
    return (this.#figures?.[key] ?? []).filter((value) => value !== null);
  }

  #now(graph, line) {
    const last = this.#known(line).at(-1);
    return last === undefined ? '–' : graph.text(last);
  }

  /** The graph in words, for whoever does not see it. */
  #spoken(graph) {
    return graph.lines
      .map((line) => {
        const known = this.#known(line);
        return known.length === 0
          ? `${line.label}: nothing is known yet`
          : `${line.label} over the last ${this.#range.label}: last ${graph.text(known.at(-1))}, at most ${graph.text(Math.max(...known))}`;
      })
      .join('; ');
  }

  #choose(range) {
    this.#range = range;
    this.#asked = -Infinity;
    this.update();
    this.#askIfOld();
  }

  async #askIfOld() {
    if (!session.active || performance.now() - this.#asked < this.#range.often) {
      return;
    }
    this.#asked = performance.now();
    const range = this.#range;
    try {
      const figures = await call('GET', `/services/${this.getAttribute('service')}/metrics?range=${range.key}`, { signal: this.signal });
      if (range === this.#range) {
        this.#figures = figures;
        this.#problem = null;
        this.draw();
        await this.#redraw();
      }
    } catch (problem) {
      this.#problem = this.signal.aborted ? null : problem.message;
      this.update();
    }
  }

  async #redraw() {
    if (this.#figures === null) {
      return;
    }
    const places = [...this.querySelectorAll('.canvas')];
    const made = await Promise.all(GRAPHS.map((graph, index) => drawn(places[index], graph, this.#figures)));
    this.#clear();
    this.#graphs = made;
    made.forEach((graph, index) => places[index].replaceChildren(graph.element));
    if (this.signal.aborted) {
      this.#clear();
    }
  }

  #clear() {
    this.#graphs.forEach((graph) => graph.end());
    this.#graphs = [];
  }
}

customElements.define('argus-graphs', Graphs);
