package dev.argus.client;

/** Why a command ends before it is done: its message is the one sentence for people. */
class ClientFailure extends RuntimeException {
    private final int status;

    ClientFailure(int status, String sentence) {
        super(sentence, null, false, false);
        this.status = status;
    }

    /** The exit status that goes with it. */
    int status() {
        return status;
    }

    String sentence() {
        String message = getMessage();
        return message == null ? "" : message;
    }

    static ClientFailure usage(String sentence) {
        return new ClientFailure(ExitStatus.USAGE, sentence);
    }

    static ClientFailure failed(String sentence) {
        return new ClientFailure(ExitStatus.FAILED, sentence);
    }
}
