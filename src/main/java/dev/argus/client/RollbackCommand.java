package dev.argus.client;

import java.util.Map;

/** {@code rollback NAME [RELEASE]}: puts an earlier release into service again. */
final class RollbackCommand implements Command {
    @Override
    public Usage usage() {
        return new Usage("rollback", "Puts an earlier release of a service into service again.")
                .argument("NAME", "the service")
                .optionalArgument("RELEASE", "its number, see argus-client releases (default: the one before)")
                .waits();
    }

    @Override
    public int run(Session session, Arguments arguments) {
        String name = arguments.argument(0);
        String path = Api.service(name) + "/rollback";
        String release = arguments.optionalArgument(1);
        Integer number = release == null ? null : Units.whole(release);
        if (release != null && number == null) {
            throw ClientFailure.usage("RELEASE wants a number, not \"" + Text.line(release) + "\".");
        }
        Api api = session.home(name);
        Json answer = api.parsed(api.order("POST", path, number == null ? Map.of() : Map.of("release", number)));
        return new DeploymentOutcome(session, api, name, true).show(answer, arguments.waits());
    }
}
