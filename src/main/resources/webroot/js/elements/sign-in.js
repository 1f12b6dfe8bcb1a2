import { el, setAttribute, setText } from '../base/dom.js';
import { Panel } from '../base/panel.js';
import { session } from '../state/session.js';
import { whileBusy } from './busy.js';

/** Asks who it is. It lies over the page, so that what was typed below is still there afterwards. */
class SignIn extends Panel {
  #dialog;
  #form;
  #said;
  #lead;
  #submit;
  #needed = false;

  build() {
    this.#said = el('p', { class: 'field-error', role: 'alert' });
    this.#lead = el('p', { class: 'soft' });
    this.#submit = el('button', { type: 'submit', class: 'primary wide' }, 'Sign in');
    this.#form = el(
      'form',
      { submit: (event) => this.#send(event) },
      this.#lead,
      field('User', { name: 'user', autocomplete: 'username', autocapitalize: 'none', spellcheck: 'false' }),
      field('Password', { name: 'password', type: 'password', autocomplete: 'current-password' }),
      this.#said,
      this.#submit,
      el(
        'p',
        { class: 'soft small' },
        'No user yet? On the server, ',
        el('code', {}, 'argus-server user add NAME --role admin'),
        ' makes one.',
      ),
    );
    this.#dialog = el(
      'dialog',
      { class: 'sign-in', 'aria-labelledby': 'sign-in-title', cancel: (event) => event.preventDefault() },
      el('h1', { id: 'sign-in-title' }, el('img', { src: '/favicon.svg', alt: '', width: 28, height: 28 }), 'Sign in to Argus'),
      this.#form,
    );
    this.append(this.#dialog);
  }

  shown() {
    this.listen(session, 'refused', () => this.ask());
    this.listen(session, 'changed', () => {
      this.#needed = false;
      this.#dialog.close();
    });
    // browsers let the second Escape through without asking
    this.listen(this.#dialog, 'close', () => this.#needed && this.ask());
  }

  /** Opens it, with a sentence about what went wrong before if there is one. */
  ask(sentence = '') {
    if (this.#dialog.open) {
      return;
    }
    this.#needed = true;
    setText(this.#said, sentence);
    const again = session.user !== null;
    setAttribute(this.#dialog, 'data-over', again);
    setText(this.#lead, again ? 'Your session has ended. Sign in again; the page stays as you left it.' : '');
    this.#form.elements.password.value = '';
    this.#form.elements.user.value ||= session.user?.name ?? '';
    this.#dialog.showModal();
    this.#form.elements[this.#form.elements.user.value === '' ? 'user' : 'password'].focus();
  }

  async #send(event) {
    event.preventDefault();
    const { user, password } = this.#form.elements;
    if (user.value === '' || password.value === '') {
      setText(this.#said, 'Give your user name and your password.');
      (user.value === '' ? user : password).focus();
      return;
    }
    await whileBusy([this.#submit], async () => {
      try {
        await session.signIn({ user: user.value, password: password.value });
        this.#form.reset();
        setText(this.#said, '');
      } catch (problem) {
        setText(this.#said, problem.message);
        password.value = '';
        password.focus();
      }
    });
  }
}

function field(label, attributes) {
  const id = `sign-in-${attributes.name}`;
  return el('div', { class: 'field' }, el('label', { for: id }, label), el('input', { id, required: false, ...attributes }));
}

customElements.define('argus-sign-in', SignIn);
