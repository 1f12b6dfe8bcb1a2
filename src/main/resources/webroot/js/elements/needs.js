import { counted } from '../base/format.js';
import { html } from '../base/template.js';
import { View } from '../base/view.js';
import { figures } from '../state/figures.js';
import { services } from '../state/services.js';
import { needs } from '../state/trouble.js';

/** So many are told; more than that is one trouble, and the list below shows it. */
const MOST = 5;

/** The one look: whether somebody is needed, and for what. */
class Needs extends View {
  shown() {
    this.listen(services, 'changed', () => this.update());
    this.listen(figures, 'changed', () => this.update());
    this.draw();
  }

  template() {
    const all = services.all;
    this.hidden = !services.loaded || all.length === 0;
    const found = needs(all, figures.node);
    this.dataset.calm = String(found.length === 0);
    if (found.length === 0) {
      return html`<p class="calm">${calm(all)}</p>`;
    }
    const rest = found.length - MOST;
    return html`
      <h2 id="needs-title">Needs you</h2>
      <ul aria-labelledby="needs-title">
        ${found.slice(0, MOST).map(({ service, text }) => html`
          <li>${service && html`<a href="#/services/${encodeURIComponent(service)}">${service}</a>`} ${text}</li>
        `)}
        ${rest > 0 && html`<li>… and ${rest} more, see below.</li>`}
      </ul>
    `;
  }
}

function calm(all) {
  const stopped = all.filter((service) => service.desired === 'stopped').length;
  const wanted = all.length - stopped;
  const aside = stopped > 0 ? ` ${counted(stopped, 'service')} ${stopped === 1 ? 'is' : 'are'} stopped by hand.` : '';
  const busy = all.filter((service) => ['deploying', 'starting', 'restarting'].includes(service.status)).length;
  const moving = busy > 0 ? ` ${counted(busy, 'service')} ${busy === 1 ? 'is' : 'are'} on the way up.` : '';
  return `Nothing needs you. ${wanted - busy} of ${counted(wanted, 'service')} ${wanted === 1 ? 'runs' : 'run'} as ${wanted === 1 ? 'it' : 'they'} should.${moving}${aside}`;
}

customElements.define('argus-needs', Needs);
