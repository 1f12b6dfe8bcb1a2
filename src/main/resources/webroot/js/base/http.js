/* Requests to the REST API of the server that this page comes from. The session cookie goes along by itself. */

const BASE = '/api/v1';
const LONGEST_WAIT = 30_000;

/** Tells `refused` when a request found nobody signed in, and `granted` when somebody is again. */
export const access = new EventTarget();

/** What went wrong; the message is one sentence for people. */
export class Problem extends Error {
  /** @param status the HTTP status, or 0 when there was no answer */
  constructor(status, sentence, field = null, errors = []) {
    super(sentence);
    this.status = status;
    this.field = field;
    this.errors = errors.length > 0 || field === null ? errors : [{ field, detail: sentence }];
  }
}

let behind = 0;

/** What the server says of itself with every answer, such as that nothing can be changed; tells `changed`. */
class Warning extends EventTarget {
  text = '';

  note(text) {
    if (text !== this.text) {
      this.text = text;
      this.dispatchEvent(new Event('changed'));
    }
  }
}

export const warning = new Warning();

/** The server's time in milliseconds, for ages and durations when this machine's clock is off. */
export function serverNow() {
  return Date.now() + behind;
}

function noteClock(response) {
  const date = Date.parse(response.headers.get('Date') ?? '');
  const difference = date - Date.now();
  // the header counts whole seconds, so a small difference says nothing
  behind = Number.isFinite(difference) && Math.abs(difference) > 2_000 ? difference : 0;
}

/** Asks and gives the JSON of the answer, or null when it is empty. Throws a Problem. */
export async function call(method, path, { body, signal, wait = LONGEST_WAIT } = {}) {
  const limit = AbortSignal.timeout(wait);
  const response = await request(path, {
    method,
    headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: signal ? AbortSignal.any([signal, limit]) : limit,
  });
  try {
    const text = await response.text();
    return text === '' ? null : JSON.parse(text);
  } catch (failure) {
    throw explained(failure, signal);
  }
}

/** Asks for plain text and gives it as bytes, unchanged. Throws a Problem. */
export async function text(path, { signal }) {
  const response = await request(path, { headers: { Accept: 'text/plain' }, signal: AbortSignal.any([signal, AbortSignal.timeout(LONGEST_WAIT)]) });
  return response.blob();
}

/** Opens a stream of server-sent events. Throws a Problem. */
export function open(path, { lastId, signal }) {
  const headers = { Accept: 'text/event-stream' };
  if (lastId) {
    headers['Last-Event-ID'] = lastId;
  }
  return request(path, { headers, signal });
}

async function request(path, options) {
  let response;
  try {
    response = await fetch(BASE + path, {
      ...options,
      credentials: 'same-origin',
      cache: 'no-store',
      redirect: 'error',
      // only a script of this very origin can send it without being asked first: it keeps other sites out
      headers: { Accept: 'application/json', ...options.headers, 'X-Argus-Request': '1' },
    });
  } catch (failure) {
    throw explained(failure, options.signal);
  }
  noteClock(response);
  warning.note(response.headers.get('Argus-Warning') ?? '');
  if (response.ok) {
    return response;
  }
  const problem = await problemOf(response);
  if (problem.status === 401 && path !== '/login') {
    access.dispatchEvent(new Event('refused'));
  }
  throw problem;
}

async function problemOf(response) {
  try {
    const said = await response.json();
    const errors = Array.isArray(said.errors) ? said.errors : [];
    return new Problem(response.status, said.detail ?? said.title, said.field ?? null, errors);
  } catch {
    return new Problem(response.status, `Argus answered with status ${response.status}; try again in a moment.`);
  }
}

function explained(failure, signal) {
  if (signal?.aborted && signal.reason?.name === 'AbortError') {
    return failure;
  }
  return failure.name === 'TimeoutError'
    ? new Problem(0, 'Argus did not answer in time; see whether the server is overloaded, and try again.')
    : new Problem(0, 'Argus cannot be reached; see whether the server runs, and try again.');
}
