package dev.argus.traffic.haproxy;

import dev.argus.traffic.haproxy.Plan.Place;
import dev.argus.traffic.haproxy.Plan.Slot;
import dev.argus.traffic.haproxy.Plan.State;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the next Argus must know to adopt a running HAProxy.
 *
 * @param structure stands for the configuration that HAProxy has read, apart from what its sockets can change
 * @param host what it listens on
 */
record Kept(String structure, String host, int port, Plan plan) {

    /** As JSON. */
    String encode() {
        var places = new JsonArray();
        for (Place place : plan.places()) {
            var slots = new JsonArray();
            place.slots()
                    .forEach(slot -> slots.add(new JsonObject()
                            .put("number", slot.number())
                            .put("instance", slot.instance())
                            .put("port", slot.port())
                            .put("state", slot.state().name())));
            places.add(new JsonObject()
                    .put("service", place.service())
                    .put("backend", place.backend())
                    .put("slots", slots));
        }
        var routes = new JsonObject();
        plan.routes().forEach(routes::put);
        return new JsonObject()
                .put("structure", structure)
                .put("host", host)
                .put("port", port)
                .put("backends", plan.backends())
                .put("slots", plan.slots())
                .put("places", places)
                .put("routes", routes)
                .encodePrettily();
    }

    /** The opposite of {@link #encode}; empty for anything else, such as what another version wrote. */
    static Optional<Kept> decode(String text) {
        try {
            var json = new JsonObject(text);
            List<Place> places = json.getJsonArray("places").stream()
                    .map(JsonObject.class::cast)
                    .map(place -> new Place(
                            place.getString("service"),
                            place.getInteger("backend"),
                            place.getJsonArray("slots").stream()
                                    .map(JsonObject.class::cast)
                                    .map(slot -> new Slot(
                                            slot.getInteger("number"),
                                            slot.getString("instance"),
                                            slot.getInteger("port"),
                                            State.valueOf(slot.getString("state"))))
                                    .toList()))
                    .toList();
            var routes = new TreeMap<String, String>();
            JsonObject map = json.getJsonObject("routes");
            map.fieldNames().forEach(key -> routes.put(key, map.getString(key)));
            return Optional.of(new Kept(
                    json.getString("structure"),
                    json.getString("host"),
                    json.getInteger("port"),
                    new Plan(json.getInteger("backends"), json.getInteger("slots"), places, routes)));
        } catch (RuntimeException _) {
            // whatever it is, nothing can be learnt from it: then HAProxy is reloaded with what is known
            return Optional.empty();
        }
    }
}
