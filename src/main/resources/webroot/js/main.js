/* Starts the page: signs in, and shows the view that the address names. */

import './elements/account.js';
import './elements/connection.js';
import './elements/service-list.js';
import './elements/sign-in.js';

import { el, fill } from './base/dom.js';
import { isServiceName } from './base/service-name.js';
import { live } from './state/live.js';
import { services } from './state/services.js';
import { session } from './state/session.js';

const signIn = document.querySelector('argus-sign-in');
const main = document.getElementById('main');
let shownView = null;

/** The code of views that are not the first that most people see: it comes behind the first, which then need not wait for it. */
const CODE = {
  'argus-deploy-form': () => import('./elements/deploy-form.js'),
  'argus-service-detail': () => import('./elements/service-detail.js'),
};

/** What an address leads to: the element's tag, the service, and what part of it. */
function placeOf(hash) {
  const [, first, name, part, id] = decoded(hash).split('/');
  if (first === 'deploy') {
    return { tag: 'argus-deploy-form' };
  }
  if (first !== 'services' || !isServiceName(name ?? '')) {
    return { tag: 'argus-service-list' };
  }
  if (part === 'deploy') {
    return { tag: 'argus-deploy-form', service: name };
  }
  return { tag: 'argus-service-detail', service: name, part: part ?? '', id: id ?? null };
}

/** The element for a place; the one that is shown, where it only turns to another of its parts. */
function viewOf({ tag, service, part, id }) {
  const shown = main.firstElementChild;
  const same = part !== undefined && shown?.localName === tag && shown.getAttribute('service') === service;
  const view = same ? shown : el(tag, { service });
  if (part !== undefined) {
    view.turnTo(part, id);
  }
  return view;
}

function decoded(hash) {
  try {
    return decodeURIComponent(hash);
  } catch {
    return '';
  }
}

async function show() {
  const hash = location.hash;
  if (session.user === null || shownView === hash) {
    return;
  }
  const first = shownView === null;
  shownView = hash;
  const place = placeOf(hash);
  if (!customElements.get(place.tag) && !(await fetched(place.tag, hash))) {
    return;
  }
  const view = viewOf(place);
  const turned = view.isConnected;
  if (!turned) {
    fill(main, view);
  }
  if (!first && !turned) {
    window.scrollTo(0, 0);
    document.getElementById('view-title').focus({ preventScroll: true });
  }
}

/** Whether the code of that view is there now, and the view is still what is to be seen. */
async function fetched(tag, hash) {
  try {
    await CODE[tag]();
  } catch {
    if (shownView === hash) {
      fill(main, el('p', { class: 'banner', role: 'alert' }, 'Argus did not answer when this view was asked for; reload the page.'));
    }
    return false;
  }
  return shownView === hash;
}

/** Fetches the rest when the first view has got all that it shows, so that it is there even if Argus is away when it is asked for. */
function fetchTheRest() {
  const whenIdle = window.requestIdleCallback ?? ((act) => setTimeout(act, 500));
  whenIdle(() => Object.values(CODE).forEach((code) => code().catch(() => {})));
}

/** Takes the code of a one-time link out of the address, before anything can remember it. */
function takeCode() {
  const code = /^#signin=(.+)$/.exec(location.hash)?.[1];
  if (code) {
    history.replaceState(null, '', location.pathname);
  }
  return code ? decoded(code) : null;
}

async function enter() {
  const code = takeCode();
  try {
    if (code === null) {
      await session.resume();
    } else {
      await session.signIn({ code });
    }
    if (session.user === null) {
      signIn.ask();
    }
  } catch (problem) {
    signIn.ask(problem.message);
  }
}

session.addEventListener('changed', () => {
  live.start();
  show();
});
document.getElementById('skip').addEventListener('click', (event) => {
  // the fragment of the address names the view
  event.preventDefault();
  main.focus();
});
window.addEventListener('hashchange', () => (location.hash.startsWith('#signin=') ? enter() : show()));
services.addEventListener('changed', fetchTheRest, { once: true });
enter();
