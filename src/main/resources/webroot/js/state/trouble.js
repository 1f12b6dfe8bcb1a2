/* What needs a person, in the words of the server. Pure. */

const TROUBLED = ['failed', 'unhealthy', 'backoff'];
const NEARLY_FULL = 0.05;

/** Whether a service is not as it should be, and not about to be. */
export function isTroubled(service) {
  return TROUBLED.includes(service.status);
}

/** Sentences about what needs a person: `{service, text}`, where `service` is null for the machine; the worst first. */
export function needs(services, node) {
  const found = services
    .filter(isTroubled)
    .sort((a, b) => TROUBLED.indexOf(a.status) - TROUBLED.indexOf(b.status))
    .map((service) => ({ service: service.name, text: service.reason ?? `It is ${service.status}.` }));
  if (node) {
    for (const [what, key] of [['disk', 'disk'], ['memory', 'memory']]) {
      const [free, all] = [node[`${key}Available`], node[`${key}Total`]];
      if (all > 0 && free / all < NEARLY_FULL) {
        found.push({ service: null, text: `Less than 5 % of the ${what} of ${node.node} is free; make room.` });
      }
    }
  }
  return found;
}
