package dev.argus.instance;

import dev.argus.service.RunPlanCodec;
import dev.argus.service.ServiceName;
import dev.argus.store.Row;
import io.vertx.core.json.JsonObject;

/** Reads an instance from the row that {@link InstanceRecords#all} gives. */
final class RecordedInstance {

    static Supervised of(Row row) {
        var instance = new Supervised(
                row.text("id"),
                ServiceName.of(row.text("service")),
                (int) row.number("release"),
                RunPlanCodec.decode(new JsonObject(row.text("plan"))),
                (int) row.number("port"));
        instance.restarts = (int) row.number("restarts");
        instance.attempt = (int) row.number("attempt");
        return instance;
    }

    private RecordedInstance() {}
}
