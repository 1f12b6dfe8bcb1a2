package dev.argus.client;

/** {@code undeploy NAME}: stops a service and removes it. */
final class UndeployCommand implements Command {
    /** Stopping takes as long as the service is given for it. */
    private static final int SECONDS = 180;

    @Override
    public Usage usage() {
        return new Usage("undeploy", "Stops a service and removes everything of it from the server.")
                .argument("NAME", "the service")
                .flag("--keep-data", "leave its data directory");
    }

    @Override
    public int run(Session session, Arguments arguments) {
        String name = arguments.argument(0);
        String path = Api.service(name) + (arguments.flag("--keep-data") ? "?keepData=true" : "");
        Api api = session.home(name);
        String answer = api.order("DELETE", path, null, SECONDS);
        if (session.json()) {
            session.out().println(answer);
        } else {
            boolean kept = !answer.isBlank() && api.parsed(answer).flag("dataKept");
            session.out().println("Undeployed " + name + (kept ? "; its data is kept." : "."));
        }
        return ExitStatus.DONE;
    }
}
