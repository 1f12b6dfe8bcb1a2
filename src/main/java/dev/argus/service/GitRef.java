package dev.argus.service;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What of a repository is wanted: a branch, a tag or a commit by its name, or the default branch of the remote.
 *
 * <p>The rules are those of {@code git check-ref-format}, and beyond them only letters, digits and {@code . _ / + @ = , # % -}
 * are allowed, so that a ref can never be read as an option or as words of a shell.
 */
public record GitRef(@Nullable String text) {
    /** The branch that the remote's HEAD names. */
    public static final GitRef DEFAULT = new GitRef(null);

    private static final int LONGEST = 250;
    private static final Pattern ALLOWED = Pattern.compile("[\\p{L}\\p{N}._/+@=,#%-]+");
    private static final Pattern COMMIT = Pattern.compile("[0-9a-fA-F]{7,40}");

    /**
     * Checks the form.
     *
     * @throws InvalidValue of the field {@code ref}
     */
    public GitRef {
        if (text != null) {
            String why = refusal(text);
            if (why != null) {
                throw new InvalidValue(
                        "ref", "The ref " + Shown.quoted(text) + " " + why + "; give a branch, a tag or a commit.");
            }
        }
    }

    /**
     * The ref that {@code text} names; null, an empty text and {@code HEAD} are the default branch.
     *
     * @throws InvalidValue of the field {@code ref}
     */
    public static GitRef of(@Nullable String text) {
        return text == null || text.isEmpty() || text.equals("HEAD") ? DEFAULT : new GitRef(text);
    }

    /** Whether the default branch is meant. */
    public boolean isDefault() {
        return text == null;
    }

    /** Whether it may be a commit: 7 to 40 hexadecimal digits (a branch may be called so too). */
    public boolean looksLikeCommit() {
        return text != null && COMMIT.matcher(text).matches();
    }

    private static @Nullable String refusal(String text) {
        if (text.isEmpty() || text.length() > LONGEST) {
            return "must have 1 to " + LONGEST + " characters";
        }
        if (text.startsWith("-")) {
            return "must not start with a hyphen";
        }
        if (!ALLOWED.matcher(text).matches()) {
            return "has a character that is not allowed in it";
        }
        if (text.equals("@") || text.contains("..") || text.contains("@{") || text.contains("//")) {
            return "is not a name that git allows";
        }
        if (text.startsWith("/") || text.endsWith("/") || text.endsWith(".")) {
            return "is not a name that git allows";
        }
        for (String part : text.split("/", -1)) {
            if (part.startsWith(".") || part.endsWith(".lock") || part.startsWith("-")) {
                return "is not a name that git allows";
            }
        }
        return null;
    }

    @Override
    public String toString() {
        return text == null ? "the default branch" : text;
    }
}
