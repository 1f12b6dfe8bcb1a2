/* Who is signed in, and what that role may do. */

import { access, call } from '../base/http.js';

const ROLES = ['viewer', 'operator', 'admin'];

class Session extends EventTarget {
  /** `{name, role, services, expiresAt}`, or null. */
  user = null;
  /** Whether requests have a chance now: not before the sign-in, nor after the session has ended. */
  active = false;

  constructor() {
    super();
    access.addEventListener('refused', () => {
      this.active = false;
      this.#tell('refused');
    });
  }

  /** Finds out whether the browser still holds a session. Throws a Problem unless the answer is yes or no. */
  async resume() {
    try {
      await this.#become(await call('GET', '/whoami'));
    } catch (problem) {
      if (problem.status !== 401) {
        throw problem;
      }
    }
  }

  /** Signs in with `{user, password}` or `{code}`. Throws a Problem. */
  async signIn(credentials) {
    await call('POST', '/login', { body: credentials });
    await this.#become(await call('GET', '/whoami'));
  }

  /** Ends the session and starts the page anew, so that nothing of it stays in memory. */
  async signOut() {
    try {
      await call('POST', '/logout');
    } catch (problem) {
      if (problem.status !== 401) {
        throw problem;
      }
    }
    this.#startAnew();
  }

  /** Whether the role of who is signed in covers the one that is needed. */
  may(role) {
    return this.user !== null && ROLES.indexOf(this.user.role) >= ROLES.indexOf(role);
  }

  async #become(user) {
    if (this.user !== null && this.user.name !== user.name) {
      // what one person has typed is not for the next one
      this.#startAnew();
      return;
    }
    this.user = user;
    this.active = true;
    this.#tell('changed');
    access.dispatchEvent(new Event('granted'));
  }

  #startAnew() {
    history.replaceState(null, '', location.pathname);
    location.reload();
  }

  #tell(type) {
    this.dispatchEvent(new Event(type));
  }
}

export const session = new Session();
