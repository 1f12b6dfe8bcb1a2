package dev.argus.client;

/** {@code start}, {@code stop} and {@code restart}. */
final class LifecycleCommand implements Command {
    private final String verb;

    LifecycleCommand(String verb) {
        this.verb = verb;
    }

    @Override
    public Usage usage() {
        String summary = switch (verb) {
            case "start" -> "Starts a stopped service.";
            case "stop" -> "Stops a service; it stays deployed.";
            default -> "Stops and starts a service.";
        };
        return new Usage(verb, summary).argument("NAME", "the service").waits();
    }

    @Override
    public int run(Session session, Arguments arguments) {
        String name = arguments.argument(0);
        String path = Api.service(name);
        Api api = session.home(name);
        boolean waits = arguments.waits();
        boolean restarts = verb.equals("restart") && waits;
        StatusWait wait = restarts ? StatusWait.beforeRestart(api.read(path)) : new StatusWait();
        String answer = api.order("POST", path + "/" + verb, null);
        if (!waits) {
            session.out().println(session.json() ? answer : ordered(name));
            return ExitStatus.DONE;
        }
        Json service = wait.until(verb.equals("stop") ? "stopped" : "running", api, name);
        session.out().println(session.json() ? Json.write(service.plain()) : session.line(done(name, service)));
        return ExitStatus.DONE;
    }

    private String ordered(String name) {
        return switch (verb) {
            case "start" -> name + " is being started.";
            case "stop" -> name + " is being stopped.";
            default -> name + " is being restarted.";
        };
    }

    private String done(String name, Json service) {
        String url = service.text("url");
        return verb.equals("stop") ? name + " is stopped." : name + " is running" + (url == null ? "." : ": " + url);
    }
}
