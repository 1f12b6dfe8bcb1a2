package dev.argus.command;

import dev.argus.auth.Accounts;
import dev.argus.auth.Passwords;
import dev.argus.auth.Role;
import dev.argus.auth.UserRecord;
import dev.argus.bus.ArgusException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Users, on the files of the host. Passwords are asked for, or read from standard input; never taken from the command line. */
@Command(
        name = "user",
        mixinStandardHelpOptions = true,
        description = "Adds, changes, removes and lists users.",
        subcommands = {
            UserCommands.Add.class,
            UserCommands.Passwd.class,
            UserCommands.Remove.class,
            UserCommands.ListAll.class
        })
public final class UserCommands extends CommandGroup {
    /** Typed twice at a terminal, else the first line of standard input. */
    @SuppressWarnings(
            "SystemConsoleNull") // said to be never null since JDK 22; from 25 on it is again where there is no
    // terminal
    private static String password() {
        var console = System.console();
        if (console != null && console.isTerminal()) {
            char[] typed = console.readPassword("Password: ");
            char[] again = console.readPassword("Again: ");
            if (typed == null || again == null || !java.util.Arrays.equals(typed, again)) {
                throw ArgusException.invalid("password", "The two passwords differ; nothing was changed.");
            }
            return Passwords.require(new String(typed));
        }
        try {
            var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            String line = in.readLine();
            return Passwords.require(line == null ? "" : line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<UserRecord> find(Office office, String name) {
        return office.read(Accounts.users()).stream()
                .map(Accounts::user)
                .filter(user -> user.name().equals(name))
                .findFirst();
    }

    private static UserRecord require(Office office, String name) {
        return find(office, name)
                .orElseThrow(() ->
                        ArgusException.notFound("There is no user " + name + "; argus-server user list shows them."));
    }

    /** Adds a user. */
    @Command(name = "add", mixinStandardHelpOptions = true, description = "Adds a user; asks for the password.")
    static final class Add extends OfficeCommand {
        @Parameters(paramLabel = "NAME")
        @SuppressWarnings("NullAway.Init")
        private String name;

        @Option(names = "--role", defaultValue = "viewer", description = "viewer, operator or admin; ${DEFAULT-VALUE}.")
        @SuppressWarnings("NullAway.Init")
        private String role;

        @Option(names = "--service", description = "Limits the user to this service; may be given again.")
        private @Nullable List<String> services;

        @Override
        void check() {
            Accounts.requireName("name", name);
        }

        @Override
        int work(Office office, PrintWriter out) {
            Role given = Role.of(role);
            if (find(office, name).isPresent()) {
                throw ArgusException.conflict(
                        "There is a user " + name + " already; argus-server user passwd changes the password.");
            }
            office.act(
                    "user-add",
                    name + ", " + given.word(),
                    Accounts.put(new UserRecord(
                            name, Passwords.hash(password()), given, Office.services(services), Instant.now())));
            return 0;
        }
    }

    /** Changes a password. */
    @Command(
            name = "passwd",
            mixinStandardHelpOptions = true,
            description = "Changes the password of a user and ends the sessions.")
    static final class Passwd extends OfficeCommand {
        @Parameters(paramLabel = "NAME")
        @SuppressWarnings("NullAway.Init")
        private String name;

        @Override
        int work(Office office, PrintWriter out) {
            UserRecord user = require(office, name);
            office.act(
                    "user-passwd",
                    name,
                    Accounts.put(new UserRecord(
                            name, Passwords.hash(password()), user.role(), user.services(), user.createdAt())),
                    Accounts.removeSessions(name));
            return 0;
        }
    }

    /** Removes a user. */
    @Command(name = "remove", mixinStandardHelpOptions = true, description = "Removes a user and ends the sessions.")
    static final class Remove extends OfficeCommand {
        @Parameters(paramLabel = "NAME")
        @SuppressWarnings("NullAway.Init")
        private String name;

        @Override
        int work(Office office, PrintWriter out) {
            require(office, name);
            office.act("user-remove", name, Accounts.removeUser(name), Accounts.removeSessions(name));
            return 0;
        }
    }

    /** Lists the users. */
    @Command(name = "list", mixinStandardHelpOptions = true, description = "Lists the users.")
    static final class ListAll extends OfficeCommand {
        @Override
        int work(Office office, PrintWriter out) {
            out.printf("%-24s %-9s %s%n", "NAME", "ROLE", "SERVICES");
            office.read(Accounts.users()).stream()
                    .map(Accounts::user)
                    .forEach(user -> out.printf(
                            "%-24s %-9s %s%n",
                            user.name(),
                            user.role().word(),
                            user.services() == null ? "all" : String.join(",", user.services())));
            return 0;
        }
    }
}
