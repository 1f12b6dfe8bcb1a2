const LONGEST = 4 * 1024 * 1024;

/** Takes a stream of server-sent events apart, as the HTML standard says it. */
export class EventParser {
  #rest = '';
  #id = '';
  #type = '';
  #data = [];

  /** Takes in a piece of the stream and gives the events `{id, type, data}` that it completes. */
  push(chunk) {
    this.#rest += chunk;
    if (this.#rest.length > LONGEST) {
      throw new RangeError('an event is longer than 4 MiB');
    }
    const events = [];
    // a carriage return at the end may be half of a line break, so it waits for what follows
    for (let end; (end = this.#rest.match(/\r\n|\n|\r(?=[^])/)) !== null; ) {
      const line = this.#rest.slice(0, end.index);
      this.#rest = this.#rest.slice(end.index + end[0].length);
      if (line !== '') {
        this.#field(line);
      } else if (this.#data.length > 0) {
        events.push({ id: this.#id, type: this.#type || 'message', data: this.#data.join('\n') });
        this.#clear();
      } else {
        this.#clear();
      }
    }
    return events;
  }

  #clear() {
    this.#type = '';
    this.#data = [];
  }

  #field(line) {
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === 'data') {
      this.#data.push(value);
    } else if (name === 'event') {
      this.#type = value;
    } else if (name === 'id' && !value.includes('\0')) {
      this.#id = value;
    }
  }
}
