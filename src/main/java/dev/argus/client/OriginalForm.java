package dev.argus.client;

import org.jspecify.annotations.Nullable;

/**
 * The command line as it was first: {@code TOKEN NAME deploy deploy|undeploy|build REPO_BASE} and
 * {@code TOKEN NAME appexecute start|stop REPO_BASE}. The repository is {@code REPO_BASE/NAME}.
 */
final class OriginalForm {
    private OriginalForm() {}

    /**
     * The same in today's words; the token goes to {@code globals}.
     *
     * @param at where the first word stands, which is no command
     * @return null if it is not the original form
     * @throws ClientFailure (wrong usage) if it is, and something is wrong in it
     */
    static String @Nullable [] translated(String[] args, int at, Globals globals) {
        if (args.length < at + 3) {
            return null;
        }
        String area = args[at + 2];
        boolean deploys = area.equals("deploy");
        if (!deploys && !area.equals("appexecute")) {
            return null;
        }
        if (args.length < at + 5) {
            throw wrong(deploys, "Something is missing");
        }
        globals.token = args[at];
        for (int i = at + 5; i < args.length; ) {
            int next = globals.take(args, i);
            if (next == i) {
                throw wrong(deploys, "There are too many arguments");
            }
            i = next;
        }
        String name = args[at + 1];
        String verb = args[at + 3];
        if (deploys && verb.equals("deploy")) {
            return new String[] {"deploy", "--repo=" + repository(args[at + 4], name), "--", name};
        }
        boolean known =
                deploys ? verb.equals("undeploy") || verb.equals("build") : verb.equals("start") || verb.equals("stop");
        if (!known) {
            throw wrong(deploys, "\"" + Text.line(verb) + "\" is not known");
        }
        return new String[] {verb, "--", name};
    }

    private static String repository(String base, String name) {
        return base.endsWith("/") ? base + name : base + "/" + name;
    }

    private static ClientFailure wrong(boolean deploys, String what) {
        return ClientFailure.usage(what + ": argus-client TOKEN NAME "
                + (deploys ? "deploy deploy|undeploy|build" : "appexecute start|stop") + " REPO_BASE.");
    }
}
