package dev.argus.client;

/** {@code build NAME}: fetches and builds. */
final class BuildCommand implements Command {
    @Override
    public Usage usage() {
        return new Usage("build", "Fetches a service and builds it, without putting the result into service.")
                .argument("NAME", "the service")
                .waits();
    }

    @Override
    public int run(Session session, Arguments arguments) {
        String name = arguments.argument(0);
        String path = Api.service(name) + "/build";
        Api api = session.home(name);
        Json answer = api.parsed(api.order("POST", path, null));
        return new DeploymentOutcome(session, api, name, false).show(answer, arguments.waits());
    }
}
