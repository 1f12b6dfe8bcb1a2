package dev.argus.deploy.build;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Takes secrets out of what a build says, which viewers may read. What has fewer than four characters stays: it would be found everywhere. */
final class Masking {
    private static final int SHORTEST = 4;
    private static final String MASK = "***";

    private final List<String> secrets;

    /** Of several lines each is a secret. */
    Masking(Collection<String> secrets) {
        this.secrets = secrets.stream()
                .flatMap(String::lines)
                .map(String::strip)
                .filter(line -> line.length() >= SHORTEST)
                .distinct()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
    }

    String masked(String text) {
        String masked = text;
        for (String secret : secrets) {
            masked = masked.replace(secret, MASK);
        }
        return masked;
    }

    /** For a text that was cut off, perhaps in a secret. */
    String maskedToTheEnd(String text) {
        String masked = masked(text);
        for (String secret : secrets) {
            for (int length = Math.min(masked.length(), secret.length() - 1); length >= SHORTEST; length--) {
                if (masked.regionMatches(masked.length() - length, secret, 0, length)) {
                    return masked.substring(0, masked.length() - length) + MASK;
                }
            }
        }
        return masked;
    }
}
