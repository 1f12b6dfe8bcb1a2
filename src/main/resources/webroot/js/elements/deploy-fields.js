/* What the deploy form asks for, and how its texts become the body of a deploy request. Pure. */

const text = (value) => value;
const number = (value) => (/^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value);
const list = (value) => value.split(/[\s,]+/).filter((part) => part !== '');

/** Each field: its path in the body, its label, what to write there, and how its text is read. */
export const FIELDS = [
  {
    path: 'repository', label: 'Repository', read: text, mode: 'url',
    hint: 'The address of the git repository, for example https://host/owner/name.git',
  },
  { path: 'ref', label: 'Ref', read: text, hint: 'Branch, tag or commit; left empty, the default branch' },
];

/** The fields that most services do not need, by group. */
export const MORE = [
  {
    title: 'Running it',
    fields: [
      { path: 'port', label: 'Port', read: number, mode: 'numeric', hint: 'Only if it always listens on the same one; else Argus gives it a free one' },
      { path: 'instances', label: 'Instances', read: number, mode: 'numeric', hint: '1 if left empty' },
      { path: 'build', label: 'Build command', read: text, code: true, hint: 'Found out by itself if left empty' },
      { path: 'start', label: 'Start command', read: text, code: true, hint: '{port} stands for the port' },
      { path: 'stop', label: 'Stop command', read: text, code: true, hint: 'SIGTERM if left empty' },
      { path: 'stopTimeout', label: 'Time to stop', read: text, hint: '10s if left empty' },
      { path: 'env', label: 'Environment', lines: true, code: true, hint: 'One KEY=value on a line. What is secret, or takes several lines, belongs in the settings of the service' },
    ],
  },
  {
    title: 'Watching it',
    fields: [
      { path: 'isalive.path', label: 'Path to ask', read: text, code: true, hint: '/isalive if left empty' },
      { path: 'isalive.interval', label: 'Every', read: text, hint: '2s if left empty' },
      { path: 'isalive.timeout', label: 'Wait for an answer', read: text, hint: '2s if left empty' },
      { path: 'isalive.failures', label: 'Failures in a row', read: number, mode: 'numeric', hint: 'Until it is restarted; 3 if left empty' },
      { path: 'isalive.grace', label: 'Time to get ready', read: text, hint: '30s if left empty' },
    ],
  },
  {
    title: 'Limits, hosts and data',
    fields: [
      { path: 'resources.memory', label: 'Memory', read: text, hint: 'For example 256MiB' },
      { path: 'resources.cpus', label: 'CPUs', read: number, mode: 'decimal', hint: 'For example 0.5' },
      { path: 'resources.tasks', label: 'Tasks', read: number, mode: 'numeric', hint: 'Processes and threads together' },
      { path: 'hosts', label: 'Hosts', read: list, hint: 'Host names, with commas between them' },
      { path: 'data', label: 'Data', read: list, hint: 'Paths in the release that outlive it, with commas between them' },
    ],
  },
];

const ALL = [...FIELDS, ...MORE.flatMap((group) => group.fields)];
const PATHS = ['name', ...ALL.map((field) => field.path)];

/** The texts of the form, by path, for what is configured now. */
export function textsOf(service, env) {
  // beside the spec, a service has what is so now, its instances among it, by the same names
  const configured = { ...service.spec, repository: service.repository, ref: service.ref };
  const texts = {};
  for (const { path, lines } of ALL) {
    const value = lines ? env : path.split('.').reduce((from, key) => from?.[key], configured);
    texts[path] = lines ? linesOf(env) : Array.isArray(value) ? value.join(', ') : String(value ?? '');
  }
  return texts;
}

/** What takes several lines is left to the settings of the service, and stays as it is. */
function linesOf(env) {
  return Object.entries(env)
    .filter(([, value]) => !/[\r\n]/.test(value))
    .map(([key, value]) => `${key}=${value}`)
    .join('\n');
}

/**
 * The request for the texts of the form: `body` of the deployment, `removed` variables to take away before it with the
 * values they have, and `errors` `{field, detail}`. What is as it was `before` is not sent, so that it stays as it is.
 */
export function requestOf(texts, before) {
  const request = { body: {}, removed: {}, errors: [] };
  for (const field of ALL) {
    const value = texts[field.path].trim();
    const was = before[field.path] ?? '';
    if (value === was.trim()) {
      continue;
    }
    if (field.lines) {
      readEnvironment(value, was, request);
    } else if (value === '') {
      request.errors.push({
        field: field.path,
        detail: `This is set to ${was} and a deployment cannot unset it; give another value.`,
      });
    } else {
      put(request.body, field.path.split('.'), field.read(value));
    }
  }
  return request;
}

function readEnvironment(value, was, request) {
  const known = new Map(was.split('\n').filter(Boolean).map(keyAndValue));
  const wanted = new Map();
  for (const line of value.split('\n').filter((one) => one.trim() !== '')) {
    if (line.indexOf('=') < 1) {
      request.errors.push({ field: 'env', detail: `The line "${line}" is no variable; write KEY=value.` });
      return;
    }
    wanted.set(...keyAndValue(line));
  }
  const changed = [...wanted].filter(([key, text]) => known.get(key) !== text);
  if (changed.length > 0) {
    request.body.env = Object.fromEntries(changed);
  }
  request.removed = Object.fromEntries([...known].filter(([key]) => !wanted.has(key)));
}

function keyAndValue(line) {
  const equals = line.indexOf('=');
  return [line.slice(0, equals).trim(), line.slice(equals + 1)];
}

function put(body, [key, ...rest], value) {
  if (rest.length === 0) {
    body[key] = value;
  } else {
    put((body[key] ??= {}), rest, value);
  }
}

/** The field of the form that a field of a problem means (`env.KEY`, `hosts[0]`, `isalive.path`), or null. */
export function fieldOf(path) {
  let at = path;
  while (at !== '' && !PATHS.includes(at)) {
    at = at.slice(0, Math.max(0, at.search(/[.[][^.[]*$/)));
  }
  return at || null;
}
