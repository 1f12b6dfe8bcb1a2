import { el, fill, setText } from '../base/dom.js';
import { bytes, counted } from '../base/format.js';
import { call } from '../base/http.js';
import { Panel } from '../base/panel.js';
import { live } from '../state/live.js';

/** What the machine has and has free. */
class NodeFigures extends Panel {
  #title = el('h2', { class: 'node-name' });
  #figures = new Map();
  #list = el('dl', { class: 'figures' });

  build() {
    this.className = 'node';
    this.setAttribute('role', 'group');
    this.setAttribute('aria-label', 'The machine');
    for (const [key, label] of [['cpu', 'Processor'], ['memory', 'Memory'], ['disk', 'Disk']]) {
      this.#figures.set(key, this.#figure(label));
    }
    this.append(this.#title, this.#list);
    // as high as with its figures, so that nothing moves when they come
    this.#showTitle('…', 'Asking Argus for its figures');
    this.#figures.forEach((show) => show('…', 0));
  }

  shown() {
    this.listen(live, 'beat', () => this.#ask());
    this.#ask();
  }

  #figure(label) {
    const value = el('span');
    const fillOfBar = el('span', { class: 'bar-fill' });
    this.#list.append(
      el(
        'div',
        { class: 'figure' },
        el('dt', {}, label),
        el('dd', {}, value, el('span', { class: 'bar', 'aria-hidden': 'true' }, fillOfBar)),
      ),
    );
    return (text, used) => {
      setText(value, text);
      fillOfBar.style.inlineSize = `${Math.round(Math.min(1, Math.max(0, used)) * 100)}%`;
      fillOfBar.dataset.full = String(used > 0.9);
    };
  }

  async #ask() {
    try {
      this.#show(await call('GET', '/getserverstats', { signal: this.signal }));
    } catch {
      // the beat of the services, asked for at the same time, tells when the server is not heard
    }
  }

  #showTitle(name, what) {
    fill(this.#title, name, el('span', { class: 'soft' }, ` ${what}`));
  }

  #show(node) {
    this.#showTitle(node.node, `Argus ${node.version} · ${counted(node.services, 'service')}, ${counted(node.instances, 'instance')}`);
    this.#figures.get('cpu')(
      `${node.cpuFree.toFixed(1)} of ${counted(node.cpus, 'core')} free · load ${node.load1.toFixed(2)}`,
      1 - node.cpuFree / node.cpus,
    );
    this.#figures.get('memory')(...free(node.memoryAvailable, node.memoryTotal));
    this.#figures.get('disk')(...free(node.diskAvailable, node.diskTotal));
  }
}

function free(available, total) {
  return [`${bytes(available)} of ${bytes(total)} free`, 1 - available / total];
}

customElements.define('argus-node-figures', NodeFigures);
