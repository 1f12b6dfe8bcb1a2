package dev.argus.auth;

import com.password4j.Argon2Function;
import com.password4j.Password;
import com.password4j.types.Argon2;
import dev.argus.bus.ArgusException;

/** Hashes and checks passwords with Argon2id (19 MiB, 2 passes, 1 lane: OWASP's figures); takes tens of milliseconds. */
public final class Passwords {
    private static final int SHORTEST = 10;
    private static final int LONGEST = 1024;
    private static final Argon2Function ARGON2 = Argon2Function.getInstance(19_456, 2, 1, 32, Argon2.ID);

    /** Somebody's hash, checked when the user is not known, so that both cases take the same time. */
    private static final String NOBODY = hash("nobody has this password");

    /**
     * The password, if it is long enough to be one.
     *
     * @throws ArgusException otherwise
     */
    public static String require(String password) {
        if (password.length() < SHORTEST || password.length() > LONGEST) {
            throw ArgusException.invalid(
                    "password", "The password must have " + SHORTEST + " to " + LONGEST + " characters.");
        }
        return password;
    }

    /** The hash of a password, with a salt of its own. */
    public static String hash(String password) {
        return Password.hash(password).addRandomSalt().with(ARGON2).getResult();
    }

    static boolean matches(String password, String hash) {
        return password.length() <= LONGEST && Password.check(password, hash).with(ARGON2);
    }

    static void matchNobody(String password) {
        matches(password, NOBODY);
    }

    private Passwords() {}
}
