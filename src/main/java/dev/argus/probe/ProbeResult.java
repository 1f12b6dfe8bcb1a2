package dev.argus.probe;

/** What one probe found. */
public sealed interface ProbeResult {

    /** The instance answered as it should. */
    record Alive() implements ProbeResult {}

    /**
     * It did not.
     *
     * @param reason the rest of a sentence that begins with "the probe", for example "answered 503 on /isalive"
     * @param refused whether nothing listened on the port
     * @param missing whether something answered and does not know the path
     */
    record Failed(String reason, boolean refused, boolean missing) implements ProbeResult {}
}
