/** Tells answers that were overtaken by those to later questions, and so tell what was and not what is. */
export class Order {
  #asked = 0;
  #taken = 0;

  /** Notes a question; what it gives says, once the answer is here, whether it is to be taken. */
  ask() {
    const turn = ++this.#asked;
    return () => {
      const isNewer = turn > this.#taken;
      this.#taken = Math.max(turn, this.#taken);
      return isNewer;
    };
  }
}
