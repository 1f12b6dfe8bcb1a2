package dev.argus.command;

import dev.argus.auth.Accounts;
import dev.argus.auth.Role;
import dev.argus.auth.Tokens;
import dev.argus.config.ServerConfig;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes a link that signs in once, for whoever may read the host's files. */
@Command(
        name = "login-link",
        mixinStandardHelpOptions = true,
        description = "Prints a link that signs in to the dashboard once, within ten minutes.")
public final class LoginLink implements Runnable {
    @Mixin
    private final ConfigOptions options = new ConfigOptions();

    @Option(names = "--name", defaultValue = "host", description = "Who is signed in by it; ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init")
    private String name;

    @Option(names = "--role", defaultValue = "admin", description = "viewer, operator or admin; ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init")
    private String role;

    @Option(names = "--url", description = "Where the dashboard is reached; what is configured when absent.")
    private @Nullable String url;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public void run() {
        Accounts.requireName("name", name);
        ServerConfig config = options.load();
        try (var office = new Office(config.dataDirectory())) {
            String code = office.createLink(name, Role.of(role));
            String base = url == null ? config.scheme() + "://" + config.host() + ":" + config.port() : url;
            // behind the # it is never sent to a server or kept in a log
            spec.commandLine().getOut().println(base + "/#signin=" + code);
            spec.commandLine()
                    .getErr()
                    .println("It works once and for " + Tokens.LINK_VALIDITY.toMinutes() + " minutes.");
        }
    }
}
