/* Figures of the last hour, for every service; asked for now and then, for no event tells them. */

import { call } from '../base/http.js';
import { live } from './live.js';
import { session } from './session.js';

/** As often as the server takes a sample. */
const OFTEN = 15_000;

/** Tells `changed` after every answer. */
class Figures extends EventTarget {
  #byName = new Map();
  #asked = -Infinity;
  /** The machine as `getserverstats` tells it; null before the first answer. */
  node = null;

  constructor() {
    super();
    live.addEventListener('beat', () => this.#askIfOld());
    live.addEventListener('opened', () => this.#askIfOld());
  }

  /** `{restarts24h, cpu, memory, requests, errors, probe}` of a service, or undefined. */
  of(name) {
    return this.#byName.get(name);
  }

  async #askIfOld() {
    if (!session.active || performance.now() - this.#asked < OFTEN) {
      return;
    }
    this.#asked = performance.now();
    try {
      const { node, services } = await call('GET', '/overview');
      this.node = node;
      this.#byName = new Map(services.map((service) => [service.name, service]));
      this.dispatchEvent(new Event('changed'));
    } catch {
      // the beat of the services, asked for at the same time, tells when the server is not heard
    }
  }
}

export const figures = new Figures();
