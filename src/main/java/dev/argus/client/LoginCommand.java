package dev.argus.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code login}: exchanges user and password for a token and remembers it. */
final class LoginCommand implements Command {
    @Override
    public Usage usage() {
        return new Usage(
                        "login",
                        "Signs in and remembers it. User and password are asked for, or read from standard input, a line each.")
                .optionalArgument("URL", "the server, by name or URL");
    }

    @Override
    public int run(Session session, Arguments arguments) {
        String url = arguments.optionalArgument(0);
        if (url != null) {
            session.globals().server = url;
        }
        Server server = session.only();
        Terminal terminal = session.surroundings().terminal();
        String user = terminal.ask("User at " + server.url() + ": ");
        String password;
        if (user == null) {
            BufferedReader in = new BufferedReader(
                    new InputStreamReader(session.surroundings().in(), StandardCharsets.UTF_8));
            user = line(in);
            password = line(in);
        } else {
            password = terminal.askSecret("Password (not shown): ");
        }
        if (user == null || user.isEmpty() || password == null || password.isEmpty()) {
            throw ClientFailure.usage("User and password are needed, a line each.");
        }
        Api api = new Api(server, null, warning -> session.warn(server, warning));
        String answer = api.order("POST", "/login", Map.of("user", user, "password", password));
        Json signedIn = api.parsed(answer);
        String token = signedIn.text("token");
        if (token == null) {
            throw ClientFailure.failed(server.url() + " gave no token: is it the address of an Argus?");
        }
        String expiresAt = signedIn.text("expiresAt");
        Credentials credentials = new Credentials(session.surroundings());
        credentials.store(server, token, expiresAt);
        if (session.json()) {
            session.out().println(answer);
        } else {
            session.out()
                    .println(session.line("Signed in to " + server.url() + " as " + user
                            + (expiresAt == null ? "" : " until " + Units.moment(expiresAt) + " UTC") + "."));
        }
        return ExitStatus.DONE;
    }

    private static @Nullable String line(BufferedReader in) {
        try {
            return in.readLine();
        } catch (IOException e) {
            throw ClientFailure.failed("Standard input cannot be read: write user and password there, a line each.");
        }
    }
}
