/* The services as the server last told them. */

import { announce } from '../base/announce.js';
import { call } from '../base/http.js';
import { Order } from '../base/order.js';
import { live } from './live.js';
import { session } from './session.js';

/** Events come in bursts; what they concern is asked for once for each burst. */
const GATHER = 150;
/** From so many services on, one request for all of them is less work than one for each. */
const MANY = 6;

/** Tells `changed` after every change. */
class Services extends EventTarget {
  #byName = new Map();
  #touched = new Set();
  #timer = 0;
  #turn = 0;
  #lists = new Order();
  /** By name, the turn in which it was last told on its own: a list asked for before that is older. */
  #told = new Map();
  /** Whether the list has been loaded. */
  loaded = false;

  constructor() {
    super();
    live.addEventListener('opened', () => this.refresh());
    live.addEventListener('beat', () => this.refresh());
    live.addEventListener('event', ({ detail }) => this.#hear(detail));
  }

  /** All, by name. */
  get all() {
    return [...this.#byName.values()];
  }

  /** One, or undefined. */
  get(name) {
    return this.#byName.get(name);
  }

  /** Takes in a service as an answer told it. */
  put(service) {
    this.#note(service);
    this.#told.set(service.name, ++this.#turn);
    this.#byName.set(service.name, service);
    this.#byName = sorted(this.all);
    this.#tell();
  }

  /** Takes one out that is known to be gone. */
  drop(name) {
    this.#told.set(name, ++this.#turn);
    if (this.#byName.delete(name)) {
      announce(`${name} is removed.`);
      this.#tell();
    }
  }

  /** Asks for all of them. */
  async refresh() {
    if (!session.active) {
      return;
    }
    const turn = ++this.#turn;
    const isNewer = this.#lists.ask();
    try {
      const list = await call('GET', '/services');
      if (isNewer()) {
        this.#takeIn(list, turn);
      }
      live.note(true);
    } catch (problem) {
      live.note(problem.status === 401);
    }
  }

  #takeIn(list, turn) {
    const newer = (name) => (this.#told.get(name) ?? 0) > turn;
    const listed = list.filter((service) => !newer(service.name));
    const kept = this.all.filter((service) => newer(service.name));
    listed.forEach((service) => this.#note(service));
    this.#byName = sorted([...listed, ...kept]);
    this.loaded = true;
    this.#tell();
  }

  #hear({ type, data }) {
    if (type === 'service-removed') {
      this.#touched.delete(data.service);
      this.drop(data.service);
      return;
    }
    if (type === 'skipped') {
      this.refresh();
    } else if (data.service) {
      this.#touched.add(data.service);
      this.#timer ||= setTimeout(() => this.#askTouched(), GATHER);
    }
  }

  async #askTouched() {
    const names = [...this.#touched];
    this.#touched.clear();
    if (names.length >= MANY) {
      await this.refresh();
    } else {
      await Promise.all(names.map((name) => this.#ask(name)));
    }
    this.#timer = 0;
    if (this.#touched.size > 0) {
      this.#timer = setTimeout(() => this.#askTouched(), GATHER);
    }
  }

  async #ask(name) {
    try {
      this.put(await call('GET', `/services/${name}`));
    } catch (problem) {
      if (problem.status === 404) {
        this.drop(name);
      }
      // anything else is seen and said by the next beat, which asks for all of them
    }
  }

  #note(service) {
    const before = this.#byName.get(service.name);
    if (before && before.status !== service.status) {
      announce(`${service.name} is now ${service.status}.`);
    }
  }

  #tell() {
    this.dispatchEvent(new Event('changed'));
  }
}

function sorted(list) {
  return new Map(list.map((service) => [service.name, service]).sort(([a], [b]) => (a < b ? -1 : 1)));
}

export const services = new Services();
