import { el, fill, setText } from '../base/dom.js';
import { counted } from '../base/format.js';
import { call } from '../base/http.js';
import { Panel } from '../base/panel.js';
import { isServiceName } from '../base/service-name.js';
import { services } from '../state/services.js';
import { session } from '../state/session.js';
import { whileBusy } from './busy.js';
import { FIELDS, fieldOf, MORE, requestOf, textsOf } from './deploy-fields.js';
import { Field } from './field.js';
import { clearNotice, noticePlace, notify } from './notice.js';

const NAME = { path: 'name', label: 'Name', hint: 'Lower-case letters, digits and hyphens, for example go-simple-service' };
const NO_NAME = 'Give it a name of 1 to 63 lower-case letters, digits and hyphens, with no hyphen at either end.';

/** Deploys a new service, or with the attribute `service` one that is there, with other settings. */
class DeployForm extends Panel {
  #known;
  #before = {};
  #offered = null;
  #fields = new Map();
  #notice = noticePlace();
  #limits = el('p', { class: 'soft' });
  #submit = el('button', { type: 'submit', class: 'primary' }, 'Deploy');
  #form = el('form', { class: 'deploy', novalidate: true, submit: (event) => this.#send(event) });

  build() {
    this.#known = this.getAttribute('service');
    const back = this.#known === null ? '#/' : `#/services/${this.#known}`;
    const title = this.#known === null ? 'Deploy a service' : `Deploy ${this.#known} with changes`;
    document.title = `${title} · Argus`;
    fill(
      this.#form,
      this.#known === null && this.#make(NAME),
      FIELDS.map((field) => this.#make(field)),
      MORE.map((group) => this.#group(group)),
      this.#notice,
      el('div', { class: 'buttons' }, this.#submit, el('a', { class: 'button', href: back }, 'Back')),
    );
    this.append(
      el('a', { class: 'back', href: back }, this.#known === null ? '← All services' : `← ${this.#known}`),
      el('div', { class: 'view-head' }, el('h1', { id: 'view-title', tabindex: -1 }, title)),
      this.#limits,
      this.#form,
    );
    if (this.#known !== null) {
      this.#prefill();
    }
  }

  shown() {
    this.listen(this.#fields.get('repository'), 'change', () => this.#offerRefs());
    this.listen(session, 'changed', () => this.#showLimits());
    this.#showLimits();
  }

  #make(description) {
    const field = Field.of(description);
    this.#fields.set(description.path, field);
    return field;
  }

  #group({ title, fields }) {
    return el(
      'details',
      { class: 'group' },
      el('summary', {}, title),
      el('div', { class: 'group-fields' }, fields.map((field) => this.#make(field))),
    );
  }

  #showLimits() {
    const may = session.may('operator');
    const names = session.user?.services;
    this.#form.hidden = !may;
    setText(
      this.#limits,
      !may
        ? 'Your role may look at services and not deploy them; ask somebody with the role operator.'
        : names && this.#known === null
          ? `You may deploy ${names.join(', ')}.`
          : '',
    );
    this.#limits.hidden = this.#limits.textContent === '';
  }

  async #prefill() {
    await whileBusy([this.#submit], async () => {
      try {
        const [service, env] = await Promise.all([
          call('GET', `/services/${this.#known}`, { signal: this.signal }),
          call('GET', `/services/${this.#known}/env`, { signal: this.signal }),
        ]);
        this.#before = textsOf(service, env);
        this.#fields.forEach((field, path) => {
          field.value = this.#before[path];
        });
        this.#offerRefs();
      } catch (problem) {
        if (!this.signal.aborted) {
          notify(this.#notice, problem.message);
        }
      }
    });
  }

  /** Offers the branches and tags of the repository that is named; without them a ref can be written all the same. */
  async #offerRefs() {
    const repository = this.#fields.get('repository').value.trim();
    const ref = this.#fields.get('ref');
    if (repository === '' || repository === this.#offered) {
      return;
    }
    this.#offered = repository;
    ref.hint('Asking the repository for its branches and tags …');
    try {
      const body = this.#known === null ? { repository } : { repository, service: this.#known };
      const refs = await call('POST', '/refs', { body, signal: this.signal });
      if (repository === this.#offered) {
        ref.offer([...refs.branches, ...refs.tags]);
        ref.hint(`${counted(refs.branches.length, 'branch', 'branches')} and ${counted(refs.tags.length, 'tag')} to choose from; left empty, ${refs.default ?? 'the default branch'}`);
      }
    } catch (problem) {
      if (!this.signal.aborted && repository === this.#offered) {
        ref.offer([]);
        ref.hint(`Branch, tag or commit. Argus cannot list them: ${problem.message}`);
      }
    }
  }

  async #send(event) {
    event.preventDefault();
    clearNotice(this.#notice);
    this.#fields.forEach((field) => field.say(''));
    const texts = Object.fromEntries([...this.#fields].map(([path, field]) => [path, field.value]));
    const name = this.#known ?? texts.name.trim();
    const { body, removed, errors } = requestOf(texts, this.#before);
    if (!isServiceName(name)) {
      errors.unshift({ field: 'name', detail: NO_NAME });
    }
    if (this.#known === null && body.repository === undefined) {
      errors.push({ field: 'repository', detail: 'Give the address of its git repository.' });
    }
    if (errors.length > 0) {
      this.#say(errors);
      return;
    }
    await whileBusy([this.#submit], () => this.#deploy(name, body, removed));
  }

  async #deploy(name, body, removed) {
    try {
      await this.#without(name, removed, () => call('POST', `/services/${name}/deploy`, { body }));
      await services.refresh();
      location.hash = `#/services/${name}`;
    } catch (problem) {
      if (problem.status === 401) {
        notify(this.#notice, 'Your session had ended, and nothing was deployed. Sign in and press Deploy again.');
      } else {
        this.#say(problem.errors ?? [], problem.message);
      }
    }
  }

  /** Does that without these variables; they are put back if it fails, for then nothing is to have changed. */
  async #without(name, variables, action) {
    const names = Object.keys(variables);
    if (names.length === 0) {
      return action();
    }
    const change = (values) => call('PATCH', `/services/${name}/env`, { body: values });
    await change(Object.fromEntries(names.map((key) => [key, null])));
    try {
      return await action();
    } catch (problem) {
      // without an answer it may be under way
      await (problem.status > 0 ? change(variables) : Promise.resolve()).catch(() => {
        notify(this.#notice, `${names.join(', ')} could not be put back into the environment, although nothing was deployed.`);
      });
      throw problem;
    }
  }

  /** Says each error at its field, and what has no field at the end of the form. */
  #say(errors, otherwise = '') {
    let first = null;
    for (const { field, detail } of errors) {
      const place = this.#fields.get(fieldOf(field ?? ''));
      place?.say(detail);
      first ??= place;
    }
    if (first) {
      first.reveal();
    } else {
      notify(this.#notice, otherwise || errors.map((error) => error.detail).join(' '));
    }
  }
}

customElements.define('argus-deploy-form', DeployForm);
