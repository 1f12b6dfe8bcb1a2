package dev.argus.client;

import java.util.Map;

/** {@code scale NAME N}: how many instances run. */
final class ScaleCommand implements Command {
    @Override
    public Usage usage() {
        return new Usage("scale", "Sets how many instances of a service run.")
                .argument("NAME", "the service")
                .argument("N", "how many");
    }

    @Override
    public int run(Session session, Arguments arguments) {
        String name = arguments.argument(0);
        String path = Api.service(name) + "/scale";
        Integer instances = Units.whole(arguments.argument(1));
        if (instances == null || instances < 0) {
            throw ClientFailure.usage("N wants a whole number.");
        }
        String answer = session.home(name).order("POST", path, Map.of("instances", instances));
        session.out()
                .println(
                        session.json()
                                ? answer
                                : name + " is being scaled to " + instances + ": argus-client status " + name);
        return ExitStatus.DONE;
    }
}
