package dev.argus.probe;

/** What one probe found. */
public sealed interface ProbeResult {

    /** The instance answered as it should. */
    record Alive() implements ProbeResult {}

    /**
     * The question was not put, for a want of Argus or its host; nothing is known of the instance.
     *
     * @param reason the rest of a sentence that begins with "the probe"
     */
    record NotMade(String reason) implements ProbeResult {}

    /**
     * It did not.
     *
     * @param reason the rest of a sentence that begins with "the probe", for example "answered 503 on /isalive"
     * @param refused whether nothing listened on the port
     * @param status the status that was answered; 0 where there was no answer in HTTP
     * @param late whether there was no answer within the time-out
     */
    record Failed(String reason, boolean refused, int status, boolean late) implements ProbeResult {

        /** One that was answered or refused in time. */
        public Failed(String reason, boolean refused, int status) {
            this(reason, refused, status, false);
        }

        /**
         * Whether the answer is one of those that services give for a path which they do not have: not found, a redirect to the page
         * for signing in, not allowed, or that one should speak TLS. A 5xx is none of them: it says that it is not well.
         */
        public boolean missing() {
            return switch (status) {
                case 400, 401, 403, 404, 405, 406, 410, 426 -> true;
                default -> status >= 300 && status < 400;
            };
        }

        /** Whether the path is there and the answer says that the service is not well. */
        public boolean unwell() {
            return status >= 500;
        }
    }
}
