package dev.argus;

/** Which Argus this is. */
public final class Version {
    /** The version of the jar; "development" where it was not built into one. */
    public static final String TEXT = read();

    private static String read() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    private Version() {}
}
