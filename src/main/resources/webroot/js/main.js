/* Starts the page: signs in, and shows the view that the address names. */

import './elements/account.js';
import './elements/connection.js';
import './elements/deploy-form.js';
import './elements/service-detail.js';
import './elements/service-list.js';
import './elements/sign-in.js';

import { el, fill } from './base/dom.js';
import { isServiceName } from './elements/deploy-fields.js';
import { live } from './state/live.js';
import { session } from './state/session.js';

const signIn = document.querySelector('argus-sign-in');
const main = document.getElementById('main');
let shownView = null;

/** The element for an address; the one that is shown, where it only turns to another of its parts. */
function viewOf(hash) {
  const [, first, name, part, id] = decoded(hash).split('/');
  if (first === 'deploy') {
    return el('argus-deploy-form');
  }
  if (first !== 'services' || !isServiceName(name ?? '')) {
    return el('argus-service-list');
  }
  if (part === 'deploy') {
    return el('argus-deploy-form', { service: name });
  }
  const shown = main.firstElementChild;
  const same = shown?.localName === 'argus-service-detail' && shown.getAttribute('service') === name;
  const view = same ? shown : el('argus-service-detail', { service: name });
  view.turnTo(part ?? '', id ?? null);
  return view;
}

function decoded(hash) {
  try {
    return decodeURIComponent(hash);
  } catch {
    return '';
  }
}

function show() {
  const hash = location.hash;
  if (session.user === null || shownView === hash) {
    return;
  }
  const first = shownView === null;
  shownView = hash;
  const view = viewOf(hash);
  const turned = view.isConnected;
  if (!turned) {
    fill(main, view);
  }
  if (!first && !turned) {
    window.scrollTo(0, 0);
    document.getElementById('view-title').focus({ preventScroll: true });
  }
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
enter();
