package dev.argus.doctor;

import dev.argus.config.ServerConfig;
import dev.argus.config.ServerConfig.TlsConfig;
import dev.argus.tls.ServerCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;

/** Whether Argus listens as safely as it was told to. */
final class TlsCheck {
    private static final String TLS = "TLS";

    private TlsCheck() {}

    static Finding of(ServerConfig config, Instant now) {
        TlsConfig files = config.entrance().tls();
        if (files != null) {
            return of(files, now);
        }
        return config.refusal()
                .map(sentence -> Finding.problem(TLS, sentence))
                .orElseGet(() -> config.entrance().plainHttp()
                        ? Finding.warning(
                                TLS,
                                "Argus listens on " + config.host()
                                        + " without TLS, as configured; see that only what does TLS in front of it can reach it.")
                        : Finding.ok(TLS, "Argus listens on " + config.host() + " alone, so no TLS is needed."));
    }

    private static Finding of(TlsConfig files, Instant now) {
        try {
            Instant until = ServerCertificate.until(files.certificate());
            if (!Files.isReadable(files.key())) {
                return Finding.problem(
                        TLS,
                        "The key " + files.key()
                                + " is not there or cannot be read by this user; let the user of Argus read it.");
            }
            if (Files.getPosixFilePermissions(files.key()).contains(PosixFilePermission.OTHERS_READ)) {
                return Finding.problem(
                        TLS, "The key " + files.key() + " can be read by everybody; run chmod o-r on it.");
            }
            if (until.isBefore(now)) {
                return Finding.problem(
                        TLS,
                        "The certificate " + files.certificate() + " has ended " + until
                                + "; renew it, Argus takes it up by itself.");
            }
            String good = "The certificate " + files.certificate() + " is good until " + until;
            return until.isBefore(now.plus(ServerCertificate.WARNED_BEFORE))
                    ? Finding.warning(TLS, good + "; renew it soon, Argus takes it up by itself.")
                    : Finding.ok(TLS, good + ".");
        } catch (IOException e) {
            return Finding.problem(
                    TLS,
                    "The certificate " + files.certificate() + " cannot be read (" + e.getMessage()
                            + "); correct server.tls.");
        }
    }
}
