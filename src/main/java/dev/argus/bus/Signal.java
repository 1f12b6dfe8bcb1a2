package dev.argus.bus;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An event that only verticles hear: what people are told follows from it. */
public interface Signal extends Event {
    @Override
    default String type() {
        return getClass().getSimpleName();
    }

    @Override
    default @Nullable String subject() {
        return null;
    }

    @Override
    default Map<String, @Nullable Object> details() {
        return Map.of();
    }

    @Override
    default boolean isPublic() {
        return false;
    }
}
