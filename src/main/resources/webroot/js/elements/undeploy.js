import { call } from '../base/http.js';
import { services } from '../state/services.js';

/** The service may need its whole time for stopping. */
const LONGEST_UNDEPLOY = 15 * 60_000;

/** Lets `asking`, an `argus-ask-name`, ask whether the service is really to go, and lets it go. */
export function askToUndeploy(asking, { name }) {
  asking.ask({
    title: `Undeploy ${name}?`,
    words: 'It is stopped, and its releases, repository, logs and data directory are removed from this server. This cannot be undone.',
    name,
    option: 'Keep its data directory',
    keep: 'Keep the service',
    go: 'Undeploy',
    async act(dataKept) {
      await call('DELETE', `/services/${name}${dataKept ? '?keepData=true' : ''}`, { wait: LONGEST_UNDEPLOY });
      services.drop(name);
    },
  });
}
