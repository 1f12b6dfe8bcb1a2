package dev.argus.command;

import dev.argus.audit.AuditEntry;
import dev.argus.audit.AuditRecords;
import dev.argus.auth.Accounts;
import dev.argus.auth.Role;
import dev.argus.auth.SigningKeys;
import dev.argus.auth.TokenRecord;
import dev.argus.auth.Tokens;
import dev.argus.service.InvalidValue;
import dev.argus.service.ServiceName;
import dev.argus.store.DataDirectory;
import dev.argus.store.Database;
import dev.argus.store.NodeIdentity;
import dev.argus.store.Row;
import dev.argus.store.Statement;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Users and tokens on the files of the host, whether or not the server runs: who may read those files may do everything. */
final class Office implements AutoCloseable {
    private final DataDirectory directory;
    private final Database database;

    Office(Path dataDirectory) {
        directory = DataDirectory.open(dataDirectory);
        database = Database.open(directory.path());
    }

    List<Row> read(Statement query) {
        return database.read(query);
    }

    /** Does something together with its record in the audit; gives how many rows it changed. */
    int act(String action, String detail, Statement... statements) {
        var all = new ArrayList<>(List.of(statements));
        all.add(AuditRecords.append(AuditEntry.onTheHost(action, detail)));
        return database.write(all) - 1;
    }

    /** Makes a token and gives its JWT. */
    String createToken(String name, Role role, @Nullable Set<String> services, Duration validity) {
        var vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(1));
        try {
            var tokens = new Tokens(vertx, SigningKeys.in(directory.directory("keys")), NodeIdentity.of(database));
            TokenRecord record = tokens.record(TokenRecord.Kind.API, name, role, services, Instant.now(), validity);
            act("token-create", "token " + name + ", " + role.word() + ", " + record.id(), Accounts.add(record));
            return tokens.sign(record);
        } finally {
            vertx.close()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .orTimeout(10, TimeUnit.SECONDS)
                    .join();
        }
    }

    /** The keys that sign tokens. */
    SigningKeys keys() {
        return SigningKeys.in(directory.directory("keys"));
    }

    /** Makes new ones; see {@link SigningKeys#rotate}. */
    SigningKeys rotateKeys(boolean keepFormer) {
        var keys = SigningKeys.rotate(directory.directory("keys"), keepFormer);
        String fingerprint = SigningKeys.fingerprint(keys.publicPem());
        if (keepFormer) {
            act("keys-rotate", fingerprint);
        } else {
            // streams that are open look whether there still is a record
            act("keys-rotate", fingerprint + ", all tokens ended", Accounts.removeAllTokens());
        }
        return keys;
    }

    /** Makes a one-time sign-in link and gives its code. */
    String createLink(String name, Role role) {
        String code = Tokens.newCode();
        Instant now = Instant.now();
        act(
                "login-link",
                name + ", " + role.word(),
                Accounts.removeEnded(now),
                Accounts.add(new TokenRecord(
                        Tokens.hash(code),
                        TokenRecord.Kind.LINK,
                        name,
                        role,
                        null,
                        now,
                        now.plus(Tokens.LINK_VALIDITY),
                        null)));
        return code;
    }

    /** The names, each checked; null for none, which stands for all services. */
    static @Nullable Set<String> services(@Nullable List<String> names) throws InvalidValue {
        if (names == null || names.isEmpty()) {
            return null;
        }
        Set<String> services = new TreeSet<>();
        names.forEach(name -> services.add(ServiceName.of(name).value()));
        return services;
    }

    @Override
    public void close() {
        database.close();
        directory.close();
    }
}
