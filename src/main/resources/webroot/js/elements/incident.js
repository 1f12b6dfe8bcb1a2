import { bytes, clock, counted, duration } from '../base/format.js';
import { call } from '../base/http.js';
import { time } from '../base/moment.js';
import { html } from '../base/template.js';
import { View } from '../base/view.js';

/** An incident with its evidence, which is asked for when somebody opens it. */
class Incident extends View {
  static observedAttributes = ['open'];
  #incident = null;
  #problem = null;

  attributeChangedCallback() {
    this.update();
  }

  template() {
    return html`
      <details ?open=${this.hasAttribute('open')} @toggle=${(event) => event.target.open && this.#load()}>
        <summary>Evidence</summary>
        ${this.#problem && html`<p class="field-error" role="alert">${this.#problem}</p>`}
        ${this.#incident ? evidence(this.#incident) : !this.#problem && html`<p class="soft">Asking Argus for it …</p>`}
      </details>
    `;
  }

  async #load() {
    if (this.#incident !== null) {
      return;
    }
    try {
      const path = `/services/${this.getAttribute('service')}/incidents/${encodeURIComponent(this.getAttribute('incident'))}`;
      this.#incident = await call('GET', path, { signal: this.signal });
      this.#problem = null;
    } catch (problem) {
      this.#problem = problem.status === 404 ? 'Its evidence is not kept any more; only the newest incidents have theirs.' : problem.message;
    }
    this.update();
  }
}

function evidence({ findings, lastWords, evidence: seen }) {
  return html`
    ${(findings ?? []).length > 0
      ? html`<ul class="findings">${findings.map((finding) => html`<li>${finding}</li>`)}</ul>`
      : html`<p class="soft">What was kept shows nothing unusual.</p>`}
    ${lastWords && html`<p>The line of its log that says best why:</p>${text([lastWords], 'The line that says best why')}`}
    ${seen && html`
      ${probes(seen.probes ?? [])}
      ${processes(seen.processes ?? [])}
      ${block('Its last lines', seen.log ?? [])}
      ${block('Dump of its threads', seen.dump ?? [])}
      ${(seen.notes ?? []).map((note) => html`<p class="soft small">${note}</p>`)}
    `}
  `;
}

function probes(list) {
  return list.length > 0 && html`
    <h4>Its last probes</h4>
    <ul class="findings">
      ${list.map(({ at, tookMillis, failure }) => html`
        <li>${time(at, clock(new Date(at)))} ${failure ?? 'answered as it should'} <span class="soft">(${duration(tookMillis)})</span></li>
      `)}
    </ul>
  `;
}

function processes(list) {
  return list.map((process) => html`
    <h4>Process ${process.pid}</h4>
    <dl class="facts small">
      ${fact('Command', process.command)}
      ${fact('State', process.state)}
      ${fact('Threads', process.threads)}
      ${fact('Doing', process.doing)}
      ${fact('Memory', bytes(process.rssBytes))}
      ${fact('Open files', process.mostFiles ? `${process.openFiles} of at most ${process.mostFiles}` : process.openFiles)}
      ${fact('Sockets', counted(process.allSockets ?? 0, 'socket'))}
    </dl>
    ${block('What the kernel does for it', process.stack ?? [])}
    ${block('Its sockets', (process.sockets ?? []).map(({ protocol, state, local, remote, receiveQueue, sendQueue }) =>
      `${protocol} ${state} ${local} → ${remote} (${receiveQueue} B unread, ${sendQueue} B unsent)`))}
  `);
}

function fact(label, value) {
  return value !== null && value !== undefined && value !== '' && html`<div><dt>${label}</dt><dd>${String(value)}</dd></div>`;
}

function block(title, lines) {
  return lines.length > 0 && html`<h4>${title}</h4>${text(lines, title)}`;
}

function text(lines, label) {
  return html`<pre class="evidence" tabindex="0" role="region" aria-label=${label}>${lines.map((line) => html`${line}
`)}</pre>`;
}

customElements.define('argus-incident', Incident);
