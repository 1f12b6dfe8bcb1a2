package dev.argus.deploy.git;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What can be deployed of a repository, by name.
 *
 * @param defaultBranch null where the remote does not say it, as when it is empty
 * @param branches by name, the default one first
 * @param tags those first that look newest
 */
public record RemoteRefs(@Nullable String defaultBranch, List<String> branches, List<String> tags) {
    /** How many branches and how many tags are told at most. */
    public static final int MOST = 500;

    /** Copies the lists. */
    public RemoteRefs {
        branches = List.copyOf(branches);
        tags = List.copyOf(tags);
    }
}
