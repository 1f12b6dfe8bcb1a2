package dev.argus.command;

import dev.argus.auth.Accounts;
import dev.argus.auth.Role;
import dev.argus.auth.TokenRecord;
import dev.argus.auth.Tokens;
import dev.argus.bus.ArgusException;
import dev.argus.service.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tokens, on the files of the host. */
@Command(
        name = "token",
        mixinStandardHelpOptions = true,
        description = "Makes, lists and revokes tokens.",
        subcommands = {TokenCommands.Create.class, TokenCommands.ListAll.class, TokenCommands.Revoke.class})
public final class TokenCommands implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /** Makes a token and prints the JWT alone. */
    @Command(name = "create", mixinStandardHelpOptions = true, description = "Makes a token and prints it alone.")
    static final class Create implements Runnable {
        @Mixin
        private final ConfigOptions options = new ConfigOptions();

        @Option(names = "--name", required = true, description = "What the token is called.")
        @SuppressWarnings("NullAway.Init")
        private String name;

        @Option(names = "--role", required = true, description = "viewer, operator or admin.")
        @SuppressWarnings("NullAway.Init")
        private String role;

        @Option(names = "--service", description = "Limits the token to this service; may be given again.")
        private @Nullable List<String> services;

        @Option(names = "--expires", defaultValue = "30d", description = "How long it lasts; ${DEFAULT-VALUE}.")
        @SuppressWarnings("NullAway.Init")
        private String expires;

        @Spec
        @SuppressWarnings("NullAway.Init")
        private CommandSpec spec;

        @Override
        public void run() {
            Accounts.requireName("name", name);
            Duration validity = Durations.parse("expires", expires, Duration.ofSeconds(1), Tokens.LONGEST_VALIDITY);
            try (var office = new Office(options.load().dataDirectory())) {
                String token = office.createToken(name, Role.of(role), Office.services(services), validity);
                spec.commandLine().getOut().println(token);
            }
        }
    }

    /** Lists the tokens. */
    @Command(name = "list", mixinStandardHelpOptions = true, description = "Lists the tokens, without their secrets.")
    static final class ListAll implements Runnable {
        @Mixin
        private final ConfigOptions options = new ConfigOptions();

        @Spec
        @SuppressWarnings("NullAway.Init")
        private CommandSpec spec;

        @Override
        public void run() {
            var out = spec.commandLine().getOut();
            try (var office = new Office(options.load().dataDirectory())) {
                out.printf("%-24s %-20s %-9s %-26s %s%n", "ID", "NAME", "ROLE", "EXPIRES", "SERVICES");
                office.read(Accounts.liveTokens(Instant.now())).stream()
                        .map(Accounts::token)
                        .filter(token -> token.kind() == TokenRecord.Kind.API)
                        .forEach(token -> out.printf(
                                "%-24s %-20s %-9s %-26s %s%n",
                                token.id(),
                                token.name(),
                                token.role().word(),
                                token.expiresAt(),
                                token.services() == null ? "all" : String.join(",", token.services())));
            }
        }
    }

    /** Ends a token. */
    @Command(name = "revoke", mixinStandardHelpOptions = true, description = "Ends a token, within a second.")
    static final class Revoke implements Runnable {
        @Mixin
        private final ConfigOptions options = new ConfigOptions();

        @Parameters(paramLabel = "ID", description = "As token list shows it.")
        @SuppressWarnings("NullAway.Init")
        private String id;

        @Override
        public void run() {
            try (var office = new Office(options.load().dataDirectory())) {
                if (office.act("token-revoke", id, Accounts.removeToken(id)) == 0) {
                    throw ArgusException.notFound("There is no token " + id + "; argus-server token list shows them.");
                }
            }
        }
    }
}
