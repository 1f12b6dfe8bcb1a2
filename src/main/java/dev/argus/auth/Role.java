package dev.argus.auth;

import dev.argus.bus.ArgusException;
import java.util.Locale;

/** What somebody may do; each role may do what the ones before it may. */
public enum Role {
    /** Reads. */
    VIEWER,
    /** Also deploys and runs. */
    OPERATOR,
    /** Also manages users and tokens and reads the audit. */
    ADMIN;

    /** Whether somebody of this role may do what {@code needed} may. */
    public boolean covers(Role needed) {
        return compareTo(needed) >= 0;
    }

    /** The word of the contract. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The role of that word.
     *
     * @throws ArgusException for any other word
     */
    public static Role of(String word) {
        for (Role role : values()) {
            if (role.word().equals(word)) {
                return role;
            }
        }
        throw ArgusException.invalid(
                "role", "The role \"" + word + "\" is not known; it is viewer, operator or admin.");
    }
}
