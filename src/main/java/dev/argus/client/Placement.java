package dev.argus.client;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which server a service lives on, or is given to. */
final class Placement {
    private final Session session;

    Placement(Session session) {
        this.session = session;
    }

    /** @see Session#home */
    Api home(String service, List<Api> all) {
        List<Survey.Reply> replies = whereIs(service, all);
        Api home = living(replies);
        if (home != null) {
            return home;
        }
        int unreachable = 0;
        ClientFailure best = null;
        for (Survey.Reply reply : replies) {
            ClientFailure failure = reply.failure();
            if (failure instanceof Unreachable lost) {
                unreachable++;
                report(reply.api(), "not reachable: " + lost.reason());
            } else if (failure != null && !isNotFound(failure)) {
                report(reply.api(), failure.sentence());
                best = failure;
            } else if (best == null) {
                best = failure;
            }
        }
        if (best == null) {
            throw noneReachable(all.size());
        }
        if (isNotFound(best) && unreachable > 0) {
            throw ClientFailure.failed(
                    "The service \"" + service + "\" is on none of the servers that answered; not all of them did.");
        }
        throw best;
    }

    /**
     * The server to deploy to: where the service lives, or else the first that has enough. Says on standard error why
     * each one before it was not taken, and if the service may live on one of those.
     *
     * @param needed by the service
     * @throws ClientFailure if there is none
     */
    Api forDeploy(String service, Requirements needed) {
        List<Api> all = session.all();
        List<Survey.Reply> replies = whereIs(service, all);
        Api home = living(replies);
        if (home != null) {
            return home;
        }
        Refusals refusals = new Refusals();
        for (Survey.Reply reply : replies) {
            Api api = reply.api();
            ClientFailure failure = reply.failure();
            if (failure != null && !isNotFound(failure)) {
                refusals.add(api, failure);
                continue;
            }
            try {
                String lacking = needed.lacking(api.read("/getserverstats", Api.CHOICE_SECONDS));
                if (lacking.isEmpty()) {
                    refusals.unknown(service, api);
                    return api;
                }
                refusals.addLacking(api, lacking);
            } catch (ClientFailure e) {
                refusals.add(api, e);
            }
        }
        throw refusals.all(all.size());
    }

    private static List<Survey.Reply> whereIs(String service, List<Api> all) {
        String path = Api.service(service);
        return Survey.ask(all, api -> api.read(path, Api.CHOICE_SECONDS));
    }

    private static @Nullable Api living(List<Survey.Reply> replies) {
        for (Survey.Reply reply : replies) {
            if (reply.answer() != null) {
                return reply.api();
            }
        }
        return null;
    }

    private static boolean isNotFound(ClientFailure failure) {
        return failure instanceof Refused refused && refused.notFound();
    }

    private void report(Api api, String what) {
        session.note(api.server().name() + ": " + what);
    }

    static ClientFailure noneReachable(int count) {
        return new ClientFailure(
                ExitStatus.UNREACHABLE,
                (count == 1 ? "The server is not reachable" : "None of the " + count + " servers is reachable")
                        + ": start one (argus-server serve), or name another with --server URL.");
    }

    /** Why servers were not taken, and what follows if none was. */
    private final class Refusals {
        private final List<ClientFailure> answers = new ArrayList<>();
        private final List<String> silent = new ArrayList<>();
        private boolean lacking;

        void addLacking(Api api, String what) {
            lacking = true;
            report(api, "has not enough " + what);
        }

        /** Nobody knows whether it lives on a server that did not say so. */
        void unknown(String service, Api taker) {
            if (!silent.isEmpty()) {
                String others = String.join(", ", silent);
                report(
                        taker,
                        "takes \"" + service + "\" as new; if it lives on " + others
                                + " already, undeploy it on one of them" + " (--server NAME)");
            }
        }

        void add(Api api, ClientFailure failure) {
            silent.add(api.server().name());
            if (failure instanceof Unreachable lost) {
                report(api, "not reachable: " + lost.reason());
            } else {
                answers.add(failure);
                report(api, failure.sentence());
            }
        }

        ClientFailure all(int count) {
            if (lacking) {
                return new ClientFailure(
                        ExitStatus.NO_RESOURCES,
                        "No server has enough resources: free some, add a server to the configuration, lower"
                                + " client.requirements, or name the server with --server to deploy there all the same.");
            }
            if (answers.isEmpty()) {
                return noneReachable(count);
            }
            ClientFailure first = answers.get(0);
            return new ClientFailure(
                    first.status(), "No server takes the service; the lines above say why for each of them.");
        }
    }
}
