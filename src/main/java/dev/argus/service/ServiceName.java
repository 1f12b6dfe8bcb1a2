package dev.argus.service;

import java.util.regex.Pattern;

/** The name of a service: a DNS label, so that it can stand in paths, host names and routes as it is. */
public record ServiceName(String value) implements Comparable<ServiceName> {
    private static final Pattern FORM = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    /**
     * Checks the form.
     *
     * @throws InvalidValue of the field {@code name}
     */
    public ServiceName {
        if (!FORM.matcher(value).matches()) {
            throw new InvalidValue(
                    "name",
                    "The service name " + Shown.quoted(value)
                            + " cannot be used; take 1 to 63 lower-case letters, digits and hyphens, with no hyphen at either end.");
        }
    }

    /**
     * The name that {@code text} spells.
     *
     * @throws InvalidValue of the field {@code name}
     */
    public static ServiceName of(String text) {
        return new ServiceName(text);
    }

    @Override
    public int compareTo(ServiceName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
