package dev.argus.command;

import dev.argus.auth.Accounts;
import dev.argus.auth.Role;
import dev.argus.auth.TokenRecord;
import dev.argus.auth.Tokens;
import dev.argus.bus.ArgusException;
import dev.argus.service.Durations;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tokens, on the files of the host. */
@Command(
        name = "token",
        mixinStandardHelpOptions = true,
        description = "Makes, lists and revokes tokens.",
        subcommands = {TokenCommands.Create.class, TokenCommands.ListAll.class, TokenCommands.Revoke.class})
public final class TokenCommands extends CommandGroup {
    /** Makes a token and prints the JWT alone. */
    @Command(name = "create", mixinStandardHelpOptions = true, description = "Makes a token and prints it alone.")
    static final class Create extends OfficeCommand {
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

        @Override
        void check() {
            Accounts.requireName("name", name);
            validity();
        }

        private Duration validity() {
            return Durations.parse("expires", expires, Duration.ofSeconds(1), Tokens.LONGEST_VALIDITY);
        }

        @Override
        int work(Office office, PrintWriter out) {
            String token = office.createToken(name, Role.of(role), Office.services(services), validity());
            out.println(token);
            return 0;
        }
    }

    /** Lists the tokens. */
    @Command(name = "list", mixinStandardHelpOptions = true, description = "Lists the tokens, without their secrets.")
    static final class ListAll extends OfficeCommand {
        @Override
        int work(Office office, PrintWriter out) {
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
            return 0;
        }
    }

    /** Ends a token. */
    @Command(name = "revoke", mixinStandardHelpOptions = true, description = "Ends a token, within a second.")
    static final class Revoke extends OfficeCommand {
        @Parameters(paramLabel = "ID", description = "As token list shows it.")
        @SuppressWarnings("NullAway.Init")
        private String id;

        @Override
        int work(Office office, PrintWriter out) {
            if (office.act("token-revoke", id, Accounts.removeToken(id)) == 0) {
                throw ArgusException.notFound("There is no token " + id + "; argus-server token list shows them.");
            }
            return 0;
        }
    }
}
