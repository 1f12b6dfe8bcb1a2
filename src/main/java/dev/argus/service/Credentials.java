package dev.argus.service;

/** A name and a secret for a remote; never shown. */
public record Credentials(String user, String password) {
    @Override
    public String toString() {
        return "***";
    }
}
