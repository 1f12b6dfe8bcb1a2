/*
 * Server-sent events that come back by themselves. Read by fetch and not by EventSource, which hides heartbeats and the
 * status of refusals, and so can neither tell a dead connection from a quiet one nor an ended session from a broken line.
 */

import { EventParser } from './event-parser.js';
import { access, open, Problem } from './http.js';

/** Heartbeats come every 15 s; after more than two missed ones the connection counts as dead. */
const SILENCE = 40_000;
/** A tab that nobody looks at gives its connections back: a browser has only six for a server. */
const HIDDEN = 5_000;
const FIRST_WAIT = 500;
const LONGEST_WAIT = 15_000;
/** A connection that held so long was a good one, and the next is tried at once. */
const HELD = 5_000;

/** What onEvent gives back when there is nothing more to wait for. */
export const DONE = Symbol('done');

/**
 * Follows the stream at `path` until `signal` aborts, an event is the last one, or the server refuses it for good.
 *
 * @param onEvent gets `{id, type, data}` with data parsed; may answer DONE
 * @param onState gets `open`, `lost` (it is tried again) or `refused`, and with `refused` the Problem
 * @param resume whether to go on after the last event seen, rather than anew
 * @param silence milliseconds without a byte after which the connection counts as dead
 */
export async function follow(path, { signal, onEvent, onState = () => {}, resume = false, silence = SILENCE }) {
  let lastId = '';
  let failures = 0;
  while (!signal.aborted) {
    let opened = Infinity;
    try {
      await untilVisible(signal);
      await read(path, resume ? lastId : '', signal, silence, {
        opened: () => {
          opened = Date.now();
          onState('open');
        },
        event: (event) => {
          lastId = event.id || lastId;
          return heard(event, onEvent);
        },
      });
      return;
    } catch (failure) {
      if (signal.aborted) {
        return;
      }
      if (failure instanceof Problem && (failure.status === 403 || failure.status === 404)) {
        onState('refused', failure);
        return;
      }
      failures = Date.now() - opened > HELD ? 0 : failures;
      onState('lost');
      if (failure instanceof Problem && failure.status === 401) {
        await happens(signal, [access, 'granted']);
      } else {
        await pause(Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** failures++) * (0.75 + Math.random() / 2), signal);
      }
    }
  }
}

/** An event that the page cannot deal with is reported and left out; the stream is not to blame. */
function heard(event, onEvent) {
  try {
    return onEvent({ ...event, data: JSON.parse(event.data) });
  } catch (failure) {
    reportError(failure);
    return undefined;
  }
}

/** Reads one connection; ends when an event was the last one, and throws when the connection ends before. */
async function read(path, lastId, signal, silence, { opened, event }) {
  const given = new AbortController();
  const both = AbortSignal.any([signal, given.signal]);
  let timer = 0;
  const hear = () => {
    clearTimeout(timer);
    timer = setTimeout(() => given.abort(), silence);
  };
  const hidden = whileHidden(both, () => given.abort());
  try {
    hear();
    const response = await open(path, { lastId, signal: both });
    opened();
    const parser = new EventParser();
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        throw new Error('the stream has ended');
      }
      hear();
      if (parser.push(value).some((found) => event(found) === DONE)) {
        return;
      }
    }
  } finally {
    clearTimeout(timer);
    hidden();
    given.abort();
  }
}

/** Calls `give` when the page has been hidden for a while; gives what ends the watch. */
function whileHidden(signal, give) {
  let timer = 0;
  const look = () => {
    clearTimeout(timer);
    if (document.hidden) {
      timer = setTimeout(give, HIDDEN);
    }
  };
  document.addEventListener('visibilitychange', look, { signal });
  look();
  return () => clearTimeout(timer);
}

async function untilVisible(signal) {
  while (document.hidden && !signal.aborted) {
    await happens(signal, [document, 'visibilitychange']);
  }
}

/** Waits, but not when the machine has just come back to the network. */
function pause(milliseconds, signal) {
  let timer = 0;
  const waited = new EventTarget();
  timer = setTimeout(() => waited.dispatchEvent(new Event('over')), milliseconds);
  return happens(signal, [waited, 'over'], [window, 'online']).finally(() => clearTimeout(timer));
}

/** Waits for the first of the happenings `[target, type]`, or for the signal. */
function happens(signal, ...happenings) {
  return new Promise((resolve) => {
    const heard = new AbortController();
    const end = () => {
      heard.abort();
      resolve();
    };
    for (const [target, type] of [...happenings, [signal, 'abort']]) {
      target.addEventListener(type, end, { signal: heard.signal });
    }
    if (signal.aborted) {
      end();
    }
  });
}
