import { Panel } from './panel.js';
import { render } from './template.js';

/** A panel that is drawn from a template, at most once for each frame however often it is told to. */
export class View extends Panel {
  #frame = 0;

  /** What it shows now. */
  template() {
    throw new Error('a view says what it shows');
  }

  /** Draws it soon. */
  update() {
    this.#frame ||= requestAnimationFrame(() => this.draw());
  }

  /** Draws it at once. */
  draw() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    if (this.isConnected) {
      render(this.template(), this);
      this.drawn();
    }
  }

  /** Called after each drawing. */
  drawn() {}

  shown() {
    this.draw();
  }
}
