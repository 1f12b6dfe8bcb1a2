package dev.argus.store;

import dev.argus.bus.Bus;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.nio.file.Path;

/** Owns the connection to the store; a worker, because SQLite blocks and pins the thread it runs on. */
public final class StoreVerticle extends VerticleBase {
    private final Bus bus;
    private final Database database;

    /** A store on {@code database}, which it closes when it stops. */
    public StoreVerticle(Bus bus, Database database) {
        this.bus = bus;
        this.database = database;
    }

    /** Opens the store of {@code dataDirectory}; see {@link Database#open}. */
    public static StoreVerticle open(Bus bus, Path dataDirectory) {
        return new StoreVerticle(bus, Database.open(dataDirectory));
    }

    @Override
    public Future<?> start() {
        bus.<StoreCommand<?>>serve(StoreCommand.ADDRESS, command -> Future.succeededFuture(answer(command)));
        return Future.succeededFuture();
    }

    private Object answer(StoreCommand<?> command) {
        return switch (command) {
            case StoreCommand.Write write -> database.write(write.statements());
            case StoreCommand.Read read -> database.read(read.query());
            case StoreCommand.ForeignChanges _ ->
                database.read(Statement.of("PRAGMA data_version")).getFirst().number("data_version");
        };
    }

    @Override
    public Future<?> stop() {
        database.close();
        return Future.succeededFuture();
    }
}
