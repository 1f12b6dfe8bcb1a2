/** An element that builds itself when it is first shown, and listens only as long as it is in the page. */
export class Panel extends HTMLElement {
  #built = false;
  #shown = new AbortController();

  connectedCallback() {
    this.#shown = new AbortController();
    if (!this.#built) {
      this.#built = true;
      this.build();
    }
    this.shown();
  }

  disconnectedCallback() {
    this.#shown.abort();
  }

  /** Makes the children; once. */
  build() {}

  /** Begins to listen; each time the element comes into the page. */
  shown() {}

  /** Ends when the element leaves the page. */
  get signal() {
    return this.#shown.signal;
  }

  /** Listens until the element leaves the page. */
  listen(target, type, listener) {
    target.addEventListener(type, listener, { signal: this.signal });
  }

  /** Calls `action` now and then every `milliseconds` until the element leaves the page. */
  repeat(milliseconds, action) {
    action();
    const timer = setInterval(action, milliseconds);
    this.signal.addEventListener('abort', () => clearInterval(timer));
  }
}
