package dev.argus.client;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code deploy NAME}: chooses a server, orders the deployment and shows it until it is finished. */
final class DeployCommand implements Command {
    @Override
    public Usage usage() {
        return new Usage(
                        "deploy",
                        "Deploys a service from a git repository. With the name alone, deploys again what is configured.")
                .argument("NAME", "the service: small letters, digits and hyphens")
                .option("--repo", "URL", "the git repository")
                .option("--ref", "REF", "branch, tag or commit (default: the repository's)")
                .options("--env", "K=V", "a variable for the service; may be repeated")
                .option("--build", "COMMAND", "how it is built (default: found out)")
                .option("--start", "COMMAND", "how it is started; {port} stands for its port (default: found out)")
                .option("--port", "N", "a fixed port (default: a free one)")
                .option("--isalive", "PATH", "what is asked whether it is well (default: /isalive)")
                .option("--instances", "N", "how many of it run (default: 1)")
                .options("--host", "DOMAIN", "a domain that leads to it; may be repeated")
                .option("--memory", "SIZE", "the most it may use, such as 256MiB")
                .waits();
    }

    @Override
    public int run(Session session, Arguments arguments) {
        String name = arguments.argument(0);
        String path = Api.service(name) + "/deploy";
        Map<String, Object> body = body(arguments);
        Api api = session.named()
                ? session.api(session.only())
                : new Placement(session).forDeploy(name, needed(session, arguments));
        Json answer = api.parsed(api.order("POST", path, body));
        return new DeploymentOutcome(session, api, name, true).show(answer, arguments.waits());
    }

    private static Map<String, Object> body(Arguments arguments) {
        Map<String, Object> body = new LinkedHashMap<>();
        put(body, "repository", arguments.option("--repo"));
        put(body, "ref", arguments.option("--ref"));
        put(body, "build", arguments.option("--build"));
        put(body, "start", arguments.option("--start"));
        put(body, "port", arguments.number("--port"));
        put(body, "instances", arguments.number("--instances"));
        String isalive = arguments.option("--isalive");
        if (isalive != null) {
            body.put("isalive", Map.of("path", isalive));
        }
        List<String> pairs = arguments.options("--env");
        if (!pairs.isEmpty()) {
            body.put("env", EnvironmentCommand.pairs("--env", pairs));
        }
        String memory = arguments.option("--memory");
        if (memory != null) {
            if (Units.size(memory) == null) {
                throw ClientFailure.usage("--memory wants a size such as 256MiB, not \"" + Text.line(memory) + "\".");
            }
            body.put("resources", Map.of("memory", memory));
        }
        List<String> hosts = arguments.options("--host");
        if (!hosts.isEmpty()) {
            body.put("hosts", hosts);
        }
        return body;
    }

    private static void put(Map<String, Object> body, String key, @Nullable Object value) {
        if (value != null) {
            body.put(key, value);
        }
    }

    private static Requirements needed(Session session, Arguments arguments) {
        Requirements needed = session.configuration().requirements();
        String memory = arguments.option("--memory");
        Long bytes = memory == null ? null : Units.size(memory);
        Integer instances = arguments.number("--instances");
        return bytes == null ? needed : needed.withMemory(bytes * Math.max(1, instances == null ? 1 : instances));
    }
}
