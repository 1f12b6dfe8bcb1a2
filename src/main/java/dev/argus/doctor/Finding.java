package dev.argus.doctor;

import java.util.Locale;

/**
 * What was found at one place.
 *
 * @param check what was looked at, two words at most
 * @param sentence what is so, and what to do where something is to be done
 */
public record Finding(String check, Grade grade, String sentence) {

    /** How bad it is. */
    public enum Grade {
        /** As it should be. */
        OK,
        /** Argus works, and somebody should know of it. */
        WARNING,
        /** Argus does not work, or is not safe, until it is mended. */
        PROBLEM;

        /** The word for people and programs. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static Finding ok(String check, String sentence) {
        return new Finding(check, Grade.OK, sentence);
    }

    static Finding warning(String check, String sentence) {
        return new Finding(check, Grade.WARNING, sentence);
    }

    static Finding problem(String check, String sentence) {
        return new Finding(check, Grade.PROBLEM, sentence);
    }
}
