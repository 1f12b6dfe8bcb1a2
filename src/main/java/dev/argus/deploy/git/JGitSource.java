package dev.argus.deploy.git;

import dev.argus.deploy.CancelToken;
import dev.argus.deploy.Cancelled;
import dev.argus.deploy.git.GitFailed.Reason;
import dev.argus.service.Durations;
import dev.argus.service.GitRef;
import dev.argus.service.RepositoryUrl;
import dev.argus.service.ServiceName;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.eclipse.jgit.errors.CorruptObjectException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.Transport;
import org.jspecify.annotations.Nullable;

/**
 * {@link GitSource} with JGit: a bare repository for each service at {@code services/NAME/repository.git}, fetched incrementally. Making
 * one replaces what JGit sees of the machine for the whole process (see {@link OwnSystemReader}).
 */
public final class JGitSource implements GitSource {
    private final Path dataDirectory;
    private final GitSettings settings;
    private final Transports transports;

    /** A source that keeps its copies in {@code dataDirectory}. */
    public JGitSource(Path dataDirectory, GitSettings settings) {
        this(dataDirectory, settings, System::getenv);
    }

    /** @param environment gives the variables that name proxies */
    JGitSource(Path dataDirectory, GitSettings settings, UnaryOperator<@Nullable String> environment) {
        OwnSystemReader.install();
        this.dataDirectory = dataDirectory.toAbsolutePath();
        this.settings = settings;
        this.transports = new Transports(settings, new EnvironmentProxies(environment));
    }

    private BareRepository copy(ServiceName service) {
        return new BareRepository(
                dataDirectory.resolve("services").resolve(service.value()).resolve("repository.git"));
    }

    @Override
    public Revision fetch(
            ServiceName service, RepositoryUrl url, GitRef ref, Consumer<String> progress, CancelToken cancel) {
        var monitor = new FetchProgress(progress, cancel);
        try {
            return Interruptible.run(
                    "fetch-" + service,
                    () -> fetch(copy(service), url, ref, monitor),
                    settings.deadline(),
                    cancel,
                    monitor::abandon);
        } catch (TimeoutException e) {
            throw new GitFailed(
                    Reason.TIMEOUT,
                    url.redacted() + " could not be fetched within " + Durations.format(settings.deadline())
                            + "; try again, or raise the limit.",
                    e);
        } catch (ExecutionException e) {
            throw failure(url, e.getCause() == null ? e : e.getCause(), cancel);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Cancelled("The fetch of " + service + " was interrupted.");
        }
    }

    @Override
    public RemoteRefs list(RepositoryUrl url, Duration deadline) {
        var cancel = new CancelToken();
        try {
            return Interruptible.run(
                    "refs",
                    () -> RemoteListing.of(transports, url),
                    deadline,
                    cancel,
                    () -> cancel.cancel("It is given up."));
        } catch (TimeoutException e) {
            throw new GitFailed(
                    Reason.TIMEOUT,
                    url.redacted() + " did not tell its branches and tags within " + Durations.format(deadline)
                            + "; try again, or name what is to be deployed.",
                    e);
        } catch (ExecutionException e) {
            throw failure(url, e.getCause() == null ? e : e.getCause(), cancel);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Cancelled("The question for branches and tags was interrupted.");
        }
    }

    private static RuntimeException failure(RepositoryUrl url, Throwable cause, CancelToken cancel) {
        cancel.throwIfCancelled();
        return cause instanceof GitFailed || cause instanceof Cancelled
                ? (RuntimeException) cause
                : FetchFailures.of(url, cause);
    }

    private Revision fetch(BareRepository copy, RepositoryUrl url, GitRef ref, FetchProgress monitor)
            throws IOException, URISyntaxException {
        try {
            return fetchOnce(copy, url, ref, monitor);
        } catch (IOException e) {
            if (!isDamage(e) || monitor.isCancelled()) {
                throw e;
            }
            copy.delete();
            return fetchOnce(copy, url, ref, monitor);
        }
    }

    /** Whether our own copy is to blame, as after a crash of the machine; it holds nothing that the remote has not. */
    private static boolean isDamage(Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof MissingObjectException || at instanceof CorruptObjectException) {
                return true;
            }
        }
        return false;
    }

    private Revision fetchOnce(BareRepository copy, RepositoryUrl url, GitRef ref, FetchProgress monitor)
            throws IOException, URISyntaxException {
        try (Repository repository = copy.open()) {
            var references = new References(repository);
            Optional<Revision> present = references.present(ref);
            if (present.isPresent()) {
                return present.get();
            }
            fetchEverything(repository, url, monitor);
            copy.compact(repository);
            Optional<Revision> found = references.find(ref);
            if (found.isEmpty()
                    && ref.looksLikeCommit()
                    && String.valueOf(ref.text()).length() == 40) {
                fetchCommit(repository, url, String.valueOf(ref.text()), monitor);
            }
            return references.resolve(ref);
        }
    }

    private void fetchEverything(Repository repository, RepositoryUrl url, FetchProgress monitor)
            throws IOException, URISyntaxException {
        try (Transport transport = transports.open(repository, url)) {
            transport.fetch(monitor, Transports.everything(true));
        } catch (TransportException e) {
            if (!String.valueOf(e.getMessage()).contains("HEAD")) {
                throw e;
            }
            forgetHead(repository);
            try (Transport transport = transports.open(repository, url)) {
                transport.fetch(monitor, Transports.everything(false));
            }
        }
    }

    private static void forgetHead(Repository repository) throws IOException {
        if (repository.exactRef(Transports.remoteHead()) != null) {
            var update = repository.updateRef(Transports.remoteHead());
            update.setForceUpdate(true);
            update.delete();
        }
    }

    /** A commit that no branch or tag leads to, as of a pull request; servers may refuse it. */
    private void fetchCommit(Repository repository, RepositoryUrl url, String commit, FetchProgress monitor)
            throws IOException, URISyntaxException {
        try (Transport transport = transports.open(repository, url)) {
            transport.fetch(monitor, List.of(new RefSpec(commit + ":refs/argus/wanted")));
        } catch (TransportException e) {
            if (FetchFailures.of(url, e).reason() == Reason.UNREACHABLE) {
                throw e;
            }
            monitor.beginTask("The remote does not give out the commit " + commit, 0);
        }
    }

    @Override
    public Revision resolve(ServiceName service, GitRef ref) {
        BareRepository copy = copy(service);
        if (!copy.exists()) {
            throw new GitFailed(Reason.NOT_A_REPOSITORY, "The repository of " + service + " has not been fetched yet.");
        }
        try (Repository repository = copy.open()) {
            return new References(repository).resolve(ref);
        } catch (IOException e) {
            throw new GitFailed(
                    Reason.FAILED, "The copy of the repository of " + service + " cannot be read; deploy it anew.", e);
        }
    }

    @Override
    public CheckedOut checkout(ServiceName service, Revision revision, Path directory, CancelToken cancel) {
        if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            throw new GitFailed(Reason.FAILED, "The folder " + directory + " is there already.");
        }
        try {
            return write(service, revision, directory, cancel);
        } catch (IOException | RuntimeException e) {
            removeAfter(e, directory);
            if (e instanceof GitFailed || e instanceof Cancelled) {
                throw (RuntimeException) e;
            }
            throw new GitFailed(
                    Reason.FAILED,
                    "The files of " + revision.shortCommit() + " cannot be written to " + directory + " ("
                            + e.getMessage() + ").",
                    e);
        }
    }

    private CheckedOut write(ServiceName service, Revision revision, Path directory, CancelToken cancel)
            throws IOException {
        try (Repository repository = copy(service).open();
                var walk = new RevWalk(repository)) {
            var tree = walk.parseCommit(ObjectId.fromString(revision.commit())).getTree();
            return new TreeWriter(walk.getObjectReader(), directory, settings, cancel).write(tree);
        }
    }

    private static void removeAfter(Exception failure, Path directory) {
        try {
            BareRepository.delete(directory);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    @Override
    public void warmUp() {
        new WarmUp(dataDirectory.resolve("cache/warm-up"), settings).run();
    }
}
