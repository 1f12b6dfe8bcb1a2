package dev.argus.client;

import java.util.Map;

/** {@code scale NAME N}: how many instances run. */
final class ScaleCommand implements Command {
    @Override
    public Usage usage() {
        return new Usage("scale", "Sets how many instances of a service run.")
                .argument("NAME", "the service")
                .argument("N", "how many, 1 to 64")
                .waits();
    }

    @Override
    public int run(Session session, Arguments arguments) {
        String name = arguments.argument(0);
        String path = Api.service(name) + "/scale";
        Integer instances = Units.whole(arguments.argument(1));
        if (instances == null || instances < 1) {
            throw ClientFailure.usage("N wants a whole number, at least 1; to stop a service: argus-client stop NAME.");
        }
        Api api = session.home(name);
        Json answer = api.parsed(api.order("POST", path, Map.of("instances", instances)));
        return new DeploymentOutcome(session, api, name, true).show(answer, arguments.waits());
    }
}
