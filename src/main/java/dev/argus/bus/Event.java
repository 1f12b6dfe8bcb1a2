package dev.argus.bus;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Something that has happened; published to everybody, and the public ones streamed to people. */
public interface Event extends Message {

    /** The word by which clients know this kind of event, for example {@code instance-changed}. */
    String type();

    /** The service it concerns, by which it is decided who may see it; null for events of the node itself. */
    @Nullable
    String subject();

    /** What a client is told, in the types of JSON (text, numbers, booleans, null, lists and maps of these). */
    Map<String, @Nullable Object> details();

    /** Whether the event is told to clients, or is only a signal between verticles. */
    default boolean isPublic() {
        return true;
    }
}
