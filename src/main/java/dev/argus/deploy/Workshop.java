package dev.argus.deploy;

import dev.argus.bus.ArgusException;
import dev.argus.bus.ErrorCode;
import dev.argus.config.ServerConfig;
import dev.argus.control.Layout;
import dev.argus.deploy.build.BuildFailed;
import dev.argus.deploy.build.BuildOrder;
import dev.argus.deploy.build.Builder;
import dev.argus.deploy.git.GitFailed;
import dev.argus.deploy.git.GitSettings;
import dev.argus.deploy.git.GitSource;
import dev.argus.deploy.git.JGitSource;
import dev.argus.deploy.git.RemoteRefs;
import dev.argus.deploy.git.Revision;
import dev.argus.service.Credentials;
import dev.argus.service.GitRef;
import dev.argus.service.InvalidValue;
import dev.argus.service.ProbeSettings;
import dev.argus.service.RepositoryUrl;
import dev.argus.service.RunPlan;
import dev.argus.service.Service;
import dev.argus.service.ServiceName;
import dev.argus.service.manifest.PlanResolver;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a deployment does to the files of a service: fetch, check out, build, link, remove. Blocks; thread-safe for different
 * services. Fails with {@link ArgusException} or {@link Cancelled} only.
 */
final class Workshop {
    private static final Logger log = LoggerFactory.getLogger(Workshop.class);

    private final Layout layout;
    private final Set<String> gitProtocols;
    private final GitSource git;
    private final Builder builder;
    private final Duration buildTimeout;
    private final PlanResolver resolver;
    private final DeploymentLog deploymentLog;

    Workshop(Layout layout, ServerConfig config) {
        this.layout = layout;
        this.deploymentLog = new DeploymentLog(layout);
        this.gitProtocols = config.gitProtocols();
        var defaults = GitSettings.defaults();
        this.git = new JGitSource(
                layout.dataDirectory(),
                new GitSettings(
                        config.deploy().cloneTimeout(),
                        defaults.silence(),
                        defaults.mostFiles(),
                        defaults.mostBytes(),
                        defaults.home()));
        this.builder = new Builder(layout.dataDirectory(), System.getenv());
        this.buildTimeout = config.deploy().buildTimeout();
        var health = config.health();
        this.resolver = new PlanResolver(new ProbeSettings(
                health.path(), health.interval(), health.timeout(), health.failures(), health.grace()));
    }

    /** What was checked out, and how it is to be built and run. */
    record Source(String revision, String subject, RunPlan plan) {
        String words() {
            return revision.substring(0, 7) + " " + subject;
        }
    }

    /** Pays the start-up costs of git before the first deployment has to. */
    void warmUp() {
        try {
            git.warmUp();
        } catch (GitFailed e) {
            log.warn("git was not warmed up, the first deployment will be slower: {}", e.getMessage());
        }
    }

    /** Fetches the repository and writes what was asked for into a new release. */
    Source checkout(
            Service service,
            Optional<Credentials> credentials,
            int release,
            CancelToken cancel,
            Consumer<String> progress) {
        return explained(() -> {
            Path directory = layout.release(service.name().value(), release);
            makeDirectories(directory.getParent());
            Revision revision =
                    git.fetch(service.name(), url(service, credentials), GitRef.of(service.ref()), progress, cancel);
            git.checkout(service.name(), revision, directory, cancel);
            // its environment is looked up at every start, so that a change needs no deployment
            RunPlan plan = resolver.resolve(service.name(), service.spec().withEnv(Map.of()), directory);
            return new Source(revision.commit(), revision.subject(), plan);
        });
    }

    private RepositoryUrl url(Service service, Optional<Credentials> credentials) {
        RepositoryUrl url = RepositoryUrl.of(service.repository(), gitProtocols);
        return new RepositoryUrl(url.scheme(), url.address(), credentials.orElse(url.credentials()));
    }

    /** What the remote has now; for any thread at any time. */
    RemoteRefs refs(RepositoryUrl url, Duration deadline) {
        try {
            return git.list(url, deadline);
        } catch (GitFailed e) {
            log.debug("no branches and tags of {}", url, e);
            throw e.reason() == GitFailed.Reason.TIMEOUT
                    ? new ArgusException(ErrorCode.UNAVAILABLE, String.valueOf(e.getMessage()))
                    : ArgusException.invalid("repository", String.valueOf(e.getMessage()));
        }
    }

    /** Builds a release that is checked out. */
    void build(
            Service service,
            Map<String, String> environment,
            int release,
            RunPlan plan,
            CancelToken cancel,
            Consumer<String> output) {
        String name = service.name().value();
        explained(() -> {
            makeDirectories(layout.logs(name));
            makeDirectories(layout.data(name));
            var order = new BuildOrder(
                    service.name(),
                    layout.release(name, release),
                    plan.build(),
                    environment,
                    secrets(service, environment),
                    layout.buildLog(name, release),
                    buildTimeout);
            builder.build(order, output, cancel);
            linkData(plan, layout.release(name, release), layout.data(name));
            return true;
        });
    }

    /** What people may not read in the environment: all that is not in the open part of it. */
    private static Set<String> secrets(Service service, Map<String, String> environment) {
        return environment.entrySet().stream()
                .filter(entry -> !entry.getValue().equals(service.spec().env().get(entry.getKey())))
                .map(Map.Entry::getValue)
                .collect(Collectors.toSet());
    }

    /** What is declared as data lies outside the release and is only linked into it, so that it outlives releases. */
    private static void linkData(RunPlan plan, Path release, Path data) {
        for (String path : plan.data()) {
            Path inRelease = release.resolve(path).normalize();
            Path kept = data.resolve(path).normalize();
            try {
                if (Files.notExists(kept, LinkOption.NOFOLLOW_LINKS)) {
                    makeDirectories(kept.getParent());
                    if (Files.isDirectory(inRelease, LinkOption.NOFOLLOW_LINKS)) {
                        Files.move(inRelease, kept);
                    } else {
                        Files.createDirectories(kept);
                    }
                }
                delete(inRelease);
                makeDirectories(inRelease.getParent());
                Files.createSymbolicLink(inRelease, kept);
            } catch (IOException e) {
                throw failed("The data directory " + path + " could not be linked into the release (" + e + ").");
            }
        }
    }

    /** Lets {@code current} point to a release, in one step. */
    void link(ServiceName service, int release) {
        Path link = layout.current(service.value());
        Path fresh = link.resolveSibling("current.new");
        try {
            Files.deleteIfExists(fresh);
            Files.createSymbolicLink(fresh, Path.of("releases", Integer.toString(release)));
            Files.move(fresh, link, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            // only people use it; the store says which release is live
            log.warn("{} could not be linked to release {}: {}", link, release, e.toString());
        }
    }

    /** The log of a deployment. */
    DeploymentLog deploymentLog() {
        return deploymentLog;
    }

    /** Removes a release that did not become one, and keeps what its build and instances said. */
    void discard(ServiceName service, int release, String deployment) {
        deploymentLog.keep(service, release, deployment);
        discard(service, release);
    }

    /** Removes a release with the logs of its build and instances, and ends what still builds it. */
    void discard(ServiceName service, int release) {
        try {
            builder.endLeftovers(layout.release(service.value(), release));
            delete(layout.release(service.value(), release));
            Path logs = layout.logs(service.value());
            if (Files.isDirectory(logs, LinkOption.NOFOLLOW_LINKS)) {
                String ofInstances = service.value() + "-" + release + "-";
                String ofBuild = "build-" + release + ".log";
                try (Stream<Path> files = Files.list(logs)) {
                    for (Path file : files.toList()) {
                        String name = String.valueOf(file.getFileName());
                        if (name.startsWith(ofInstances) || name.startsWith(ofBuild)) {
                            Files.deleteIfExists(file);
                        }
                    }
                }
            }
        } catch (IOException e) {
            log.warn("release {} of {} was not removed: {}", release, service.value(), e.toString());
        }
    }

    /** The releases that have files and are not {@code kept}: what a deployment left that was cut off. */
    List<Integer> orphans(ServiceName service, Set<Integer> kept) {
        Path releases = layout.service(service.value()).resolve("releases");
        if (!Files.isDirectory(releases, LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(releases)) {
            return all.map(path -> String.valueOf(path.getFileName()))
                    .filter(name -> name.matches("[0-9]{1,9}"))
                    .map(Integer::valueOf)
                    .filter(number -> !kept.contains(number))
                    .toList();
        } catch (IOException e) {
            log.warn("what deployments left in {} is not looked for: {}", releases, e.toString());
            return List.of();
        }
    }

    /** Removes everything of a service, or everything but its data. */
    void remove(ServiceName service, boolean keepData) {
        Path all = layout.service(service.value());
        Path data = layout.data(service.value());
        try {
            if (!keepData || Files.notExists(data, LinkOption.NOFOLLOW_LINKS)) {
                delete(all);
                return;
            }
            try (Stream<Path> inside = Files.list(all)) {
                for (Path each : inside.toList()) {
                    if (!each.equals(data)) {
                        delete(each);
                    }
                }
            }
        } catch (IOException e) {
            throw failed("The files of " + service.value() + " in " + all + " could not be removed (" + e
                    + "); remove what blocks them and undeploy again.");
        }
    }

    private static void makeDirectories(@Nullable Path directory) {
        try {
            if (directory != null) {
                Files.createDirectories(directory);
            }
        } catch (IOException e) {
            throw failed("The directory " + directory + " cannot be made (" + e + "); check the disk and its rights.");
        }
    }

    /** Deletes a tree without following links. */
    private static void delete(Path tree) throws IOException {
        if (Files.notExists(tree, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(tree, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                // Go's module cache and some builds leave directories that even their owner may not write
                if (!Files.isWritable(directory) && !directory.toFile().setWritable(true, true)) {
                    log.debug("{} stays read-only", directory);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                    throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Turns the refusals of git, build and manifest into the one kind of failure that a deployment knows. */
    private static <T> T explained(Supplier<T> work) {
        try {
            return work.get();
        } catch (GitFailed | BuildFailed e) {
            throw failed(String.valueOf(e.getMessage()));
        } catch (InvalidValue e) {
            throw new ArgusException(ErrorCode.INVALID, e.sentence(), e.field());
        }
    }

    private static ArgusException failed(String sentence) {
        return new ArgusException(ErrorCode.UNAVAILABLE, sentence);
    }
}
