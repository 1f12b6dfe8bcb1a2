package dev.argus.deploy.git;

import dev.argus.deploy.CancelToken;
import dev.argus.service.GitRef;
import dev.argus.service.RepositoryUrl;
import dev.argus.service.ServiceName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Where releases come from. All methods block; one call at a time for a service, any number for different ones and of {@link #list}.
 *
 * <p>Every method throws {@link GitFailed} for what went wrong and {@link dev.argus.deploy.Cancelled} when its token was cancelled.
 */
public interface GitSource {
    /**
     * Brings the service's own copy of the repository up to date and says which commit {@code ref} is.
     *
     * @param progress is told now and then how far it is, one line of text; called on another thread
     */
    Revision fetch(ServiceName service, RepositoryUrl url, GitRef ref, Consumer<String> progress, CancelToken cancel);

    /**
     * The names of the branches and tags that the remote has now, with nothing fetched.
     *
     * @param deadline after which it is given up
     */
    RemoteRefs list(RepositoryUrl url, Duration deadline);

    /** Which commit {@code ref} is in the copy that is already there; reaches no network. */
    Revision resolve(ServiceName service, GitRef ref);

    /** Writes the files of the revision into {@code directory}, which must not exist; it is removed again on failure. */
    CheckedOut checkout(ServiceName service, Revision revision, Path directory, CancelToken cancel);

    /** Does in vain what the others do, so that the first deployment does not pay for the start-up costs; takes a second or two. */
    void warmUp();

    /**
     * What was written.
     *
     * @param submodules folders that stay empty, since submodules are not fetched
     */
    record CheckedOut(int files, long bytes, int submodules) {}
}
