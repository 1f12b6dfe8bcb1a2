package dev.argus.deploy.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.argus.deploy.CancelToken;
import dev.argus.deploy.Cancelled;
import dev.argus.deploy.git.GitFailed.Reason;
import dev.argus.deploy.git.GitSource.CheckedOut;
import dev.argus.deploy.git.TestRepository.Entry;
import dev.argus.service.GitRef;
import dev.argus.service.RepositoryUrl;
import dev.argus.service.ServiceName;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.TreeFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class JGitSourceTest {
    private static final Set<String> ALL = Set.of("https", "ssh", "http", "file");
    private static final GitSettings SETTINGS =
            new GitSettings(Duration.ofSeconds(30), Duration.ofSeconds(5), 1_000, 1_000_000, Path.of("/nonexistent"));

    @TempDir
    Path temp;

    private final ServiceName service = ServiceName.of("simple");
    private final CancelToken cancel = new CancelToken();
    private GitSource source = new JGitSource(Path.of("/nonexistent"), SETTINGS);
    private TestRepository remote;

    JGitSourceTest(@TempDir Path remotes) throws IOException {
        remote = new TestRepository(remotes.resolve("remote.git"));
    }

    @BeforeEach
    void useTemporaryDataDirectory() {
        source = new JGitSource(temp.resolve("data"), SETTINGS);
    }

    @AfterEach
    void closeRemote() {
        remote.close();
    }

    private Revision fetch(String ref) {
        return fetch(remote.url(), ref);
    }

    private Revision fetch(String url, String ref) {
        return source.fetch(service, RepositoryUrl.of(url, ALL), GitRef.of(ref), line -> {}, cancel);
    }

    private static void assertFails(ThrowingCallable call, Reason reason, String part) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        GitFailed.class, failed -> assertThat(failed.reason()).isEqualTo(reason))
                .hasMessageContaining(part)
                .hasMessageEndingWith(".");
    }

    @Test
    void aFetchLeavesNoThreadBehindThatCleansUpInAFolderThatMayBeGone() throws IOException {
        try (var made = new BareRepository(temp.resolve("copy.git")).open()) {
            assertThat(made.getConfig().getBoolean("gc", "autoDetach", true)).isFalse();
        }
    }

    @Test
    void theDefaultBranchABranchATagAndACommitAreFound() throws IOException {
        String first = remote.commit("main", "First\n\nbody", Map.of("a", Entry.file("1")));
        String second = remote.commit("main", "Second", Map.of("a", Entry.file("2")));
        String other = remote.commit("feature/x", "Other", Map.of("b", Entry.file("3")));
        remote.lightTag("light", first);
        remote.annotatedTag("v1", first);

        assertThat(fetch("").commit()).isEqualTo(second);
        assertThat(fetch("").ref()).isEqualTo("main");
        assertThat(fetch("feature/x").commit()).isEqualTo(other);
        assertThat(fetch("light").commit()).isEqualTo(first);
        assertThat(fetch("v1").commit()).isEqualTo(first);
        assertThat(fetch("refs/tags/v1").commit()).isEqualTo(first);
        assertThat(fetch(first).subject()).isEqualTo("First");
        assertThat(fetch(first).authoredAt()).isEqualTo(TestRepository.WHEN);
        assertThat(fetch(first.substring(0, 8)).commit()).isEqualTo(first);
        assertThat(source.resolve(service, GitRef.of("v1")).commit()).isEqualTo(first);
    }

    @Test
    void laterFetchesSeeNewCommitsForcedPushesAndDeletedBranches() throws IOException {
        String first = remote.commit("main", "First", Map.of("a", Entry.file("1")));
        remote.commit("gone", "Gone", Map.of("a", Entry.file("x")));
        fetch("gone");
        String second = remote.commit("main", "Second", Map.of("a", Entry.file("2")));
        assertThat(fetch("").commit()).isEqualTo(second);

        remote.point("refs/heads/main", ObjectId.fromString(first));
        remote.delete("refs/heads/gone");

        assertThat(fetch("main").commit()).isEqualTo(first);
        assertFails(() -> fetch("gone"), Reason.NO_SUCH_REF, "\"gone\"");
    }

    @Test
    void aRefThatIsNotThereIsRefusedNamingNearOnes() throws IOException {
        remote.commit("main", "First", Map.of("a", Entry.file("1")));
        remote.commit("release", "First", Map.of("a", Entry.file("1")));

        assertFails(() -> fetch("relaese"), Reason.NO_SUCH_REF, "there is release");
        assertFails(() -> fetch("0123456789012345678901234567890123456789"), Reason.NO_SUCH_REF, "0123456");
        assertFails(() -> fetch("0123456"), Reason.NO_SUCH_REF, "0123456");
    }

    @Test
    void anEmptyRepositoryIsSaidToBeEmpty() {
        assertFails(() -> fetch(""), Reason.NO_SUCH_REF, "no commit on its default branch");
    }

    @Test
    void aCommitThatNoBranchLeadsToIsFetchedByItsId() throws IOException {
        String kept = remote.commit("main", "First", Map.of("a", Entry.file("1")));
        String hidden = remote.commit("main", "Hidden", Map.of("a", Entry.file("2")));
        remote.point("refs/pull/1/head", ObjectId.fromString(hidden));
        remote.point("refs/heads/main", ObjectId.fromString(kept));

        assertThat(fetch(hidden).subject()).isEqualTo("Hidden");
    }

    @Test
    void aServiceWhoseRepositoryMovedIsFetchedFromTheNewPlace() throws IOException {
        remote.commit("main", "Old", Map.of("a", Entry.file("1")));
        fetch("");
        try (var moved = new TestRepository(temp.resolve("moved.git"))) {
            String id = moved.commit("main", "New", Map.of("b", Entry.file("2")));

            assertThat(fetch(moved.url(), "").commit()).isEqualTo(id);
        }
    }

    @Test
    void locksThatAKilledArgusLeftAndADamagedCopyDoNotStopTheNextFetch() throws IOException {
        remote.commit("main", "First", Map.of("a", Entry.file("1")));
        fetch("");
        Path copy = temp.resolve("data/services/simple/repository.git");
        Files.createFile(copy.resolve("refs/heads/main.lock"));
        Files.createFile(copy.resolve("packed-refs.lock"));
        String second = remote.commit("main", "Second", Map.of("a", Entry.file("2")));
        assertThat(fetch("").commit()).isEqualTo(second);

        try (Stream<Path> packs = Files.list(copy.resolve("objects/pack"))) {
            for (Path pack : packs.toList()) {
                Files.delete(pack);
            }
        }
        String third = remote.commit("main", "Third", Map.of("a", Entry.file("3")));
        Revision revision = fetch("");
        assertThat(revision.commit()).isEqualTo(third);
        assertThat(source.checkout(service, revision, temp.resolve("out"), cancel)
                        .files())
                .isEqualTo(1);
    }

    @Test
    void aCheckoutHasTheFilesAsStoredAndNoGitFolder() throws IOException {
        remote.commit(
                "main",
                "All",
                Map.of(
                        ".gitattributes", Entry.file("* text=auto eol=crlf filter=evil\n"),
                        "a.txt", Entry.file("one\r\ntwo\n"),
                        "run.sh", Entry.program("#!/bin/sh\n"),
                        "deep/er/file", Entry.file("deep"),
                        "deep/link", Entry.link("../a.txt"),
                        "here", Entry.link("deep/er"),
                        "module", new Entry(FileMode.GITLINK, "")));
        Path out = temp.resolve("data/services/simple/releases/1");

        CheckedOut written = source.checkout(service, fetch(""), out, cancel);

        assertThat(written).isEqualTo(new CheckedOut(6, written.bytes(), 1));
        assertThat(out.resolve("a.txt")).hasContent("one\r\ntwo\n");
        assertThat(Files.isExecutable(out.resolve("run.sh"))).isTrue();
        assertThat(Files.isExecutable(out.resolve("a.txt"))).isFalse();
        assertThat(out.resolve("deep/link")).isSymbolicLink().hasContent("one\r\ntwo\n");
        assertThat(out.resolve("here/file")).hasContent("deep");
        assertThat(out.resolve("module")).isEmptyDirectory();
        assertThat(out.resolve(".git")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/etc/passwd",
                "../outside",
                "sub/../../outside",
                "a/../b",
                "..",
                ".git/config",
                "x/.GIT/hooks",
                ""
            })
    void aLinkThatLeadsOutsideIsRefusedAndNothingIsLeft(String target) throws IOException {
        remote.commit("main", "Link", Map.of("a", Entry.file("1"), "z", Entry.link(target)));
        Revision revision = fetch("");
        Path out = temp.resolve("out");

        assertFails(() -> source.checkout(service, revision, out, cancel), Reason.REFUSED, "\"z\"");
        assertThat(Files.exists(out, LinkOption.NOFOLLOW_LINKS)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {".git", ".GIT", "..", "."})
    void aFileWithANameThatGitForbidsIsRefused(String name) throws IOException {
        remote.commitTree("main", "Evil", inserter -> {
            var tree = new TreeFormatter();
            tree.append(name, FileMode.REGULAR_FILE, inserter.insert(Constants.OBJ_BLOB, new byte[] {1}));
            return inserter.insert(tree);
        });
        Revision revision = fetch("");

        assertFails(
                () -> source.checkout(service, revision, temp.resolve("out"), cancel),
                Reason.REFUSED,
                "does not allow");
    }

    @Test
    void aTreeThatHasALinkAndAFolderOfOneNameWritesNothingThroughTheLink() throws IOException {
        Path outside = Files.createDirectory(temp.resolve("outside"));
        remote.commitTree("main", "Evil", inserter -> {
            ObjectId blob = inserter.insert(Constants.OBJ_BLOB, new byte[] {1});
            ObjectId link = inserter.insert(Constants.OBJ_BLOB, "real".getBytes(StandardCharsets.UTF_8));
            var inner = new TreeFormatter();
            inner.append("file", FileMode.REGULAR_FILE, blob);
            var tree = new TreeFormatter();
            tree.append("a", FileMode.SYMLINK, link);
            tree.append("a", FileMode.TREE, inserter.insert(inner));
            return inserter.insert(tree);
        });
        Revision revision = fetch("");

        assertThatThrownBy(() -> source.checkout(service, revision, temp.resolve("out"), cancel))
                .isInstanceOf(GitFailed.class);
        assertThat(outside).isEmptyDirectory();
        assertThat(temp.resolve("out")).doesNotExist();
    }

    @Test
    void aBombOfFoldersAndTooManyBytesAreRefused() throws IOException {
        remote.commitTree("main", "Bomb", inserter -> {
            ObjectId below = inserter.insert(Constants.OBJ_BLOB, new byte[0]);
            FileMode mode = FileMode.REGULAR_FILE;
            for (int level = 0; level < 10; level++) {
                var tree = new TreeFormatter();
                for (int i = 0; i < 10; i++) {
                    tree.append("f" + i, mode, below);
                }
                below = inserter.insert(tree);
                mode = FileMode.TREE;
            }
            return below;
        });
        Revision bomb = fetch("");
        assertFails(() -> source.checkout(service, bomb, temp.resolve("out"), cancel), Reason.TOO_LARGE, "1000 files");

        remote.commit("main", "Large", Map.of("a", Entry.file("x".repeat(1_000_001))));
        Revision large = fetch("");
        assertFails(
                () -> source.checkout(service, large, temp.resolve("out"), cancel),
                Reason.TOO_LARGE,
                "make it smaller");
        assertThat(temp.resolve("out")).doesNotExist();
    }

    @Test
    void aCheckoutNeverGoesIntoAFolderThatIsThere() throws IOException {
        remote.commit("main", "First", Map.of("a", Entry.file("1")));
        Revision revision = fetch("");
        Path out = Files.createDirectory(temp.resolve("out"));

        assertFails(() -> source.checkout(service, revision, out, cancel), Reason.FAILED, "there already");
        assertThat(out).isEmptyDirectory();
    }

    @Test
    void noHookOfTheRemoteOrOfTheCopyIsEverRun() throws IOException {
        Path marker = temp.resolve("marker");
        remote.commit("main", "First", Map.of("a", Entry.file("1")));
        fetch("");
        for (Path hooks : List.of(
                remote.repository().getDirectory().toPath(), temp.resolve("data/services/simple/repository.git"))) {
            for (String name :
                    List.of("post-checkout", "reference-transaction", "post-update", "pre-receive", "pre-auto-gc")) {
                Path hook = Files.createDirectories(hooks.resolve("hooks")).resolve(name);
                Files.writeString(hook, "#!/bin/sh\ntouch " + marker + "\n");
                assertThat(hook.toFile().setExecutable(true)).isTrue();
            }
        }
        remote.commit("main", "Second", Map.of("a", Entry.file("2")));

        source.checkout(service, fetch(""), temp.resolve("out"), cancel);

        assertThat(marker).doesNotExist();
    }

    private RemoteRefs list(String url) {
        return source.list(RepositoryUrl.of(url, ALL), Duration.ofSeconds(10));
    }

    @Test
    void aRemoteTellsItsBranchesAndTagsAndNothingIsFetched() throws IOException {
        String first = remote.commit("main", "First", Map.of("a", Entry.file("1")));
        remote.commit("feature/x", "Other", Map.of("b", Entry.file("3")));
        remote.commit("apple", "Other", Map.of("b", Entry.file("4")));
        remote.lightTag("v1.9", first);
        remote.annotatedTag("v1.10", first);

        assertThat(list(remote.url()))
                .isEqualTo(new RemoteRefs("main", List.of("main", "apple", "feature/x"), List.of("v1.10", "v1.9")));
        assertThat(temp.resolve("data")).doesNotExist();
    }

    @Test
    void aRemoteWithoutAnyCommitHasNoBranches() {
        assertThat(list(remote.url())).isEqualTo(new RemoteRefs(null, List.of(), List.of()));
    }

    @Test
    void ofManyBranchesAndTagsThoseAreToldThatMatter() throws IOException {
        String first = remote.commit("main", "First", Map.of("a", Entry.file("1")));
        for (int i = 0; i < 600; i++) {
            remote.lightTag("v1." + i, first);
            remote.lightTag("../heads/b" + i, first);
        }

        RemoteRefs refs = list(remote.url());

        assertThat(refs.tags()).hasSize(500).startsWith("v1.599", "v1.598");
        assertThat(refs.branches()).hasSizeLessThanOrEqualTo(500).startsWith("main");
    }

    @Test
    void aRemoteThatDoesNotTellItsRefsIsWordedAsOneThatIsFetched() throws IOException {
        assertFails(() -> list("file://" + temp.resolve("nothing")), Reason.NOT_A_REPOSITORY, "no git repository");
        HttpServer server = answering(401, Map.of("WWW-Authenticate", "Basic realm=\"x\""), new AtomicInteger());
        try {
            assertFails(() -> list(url(server, "")), Reason.AUTHENTICATION, "wants a user");
            assertThatThrownBy(() -> list(url(server, "us3r:hunter2@")))
                    .hasMessageContaining("does not accept")
                    .satisfies(failure -> {
                        for (Throwable at = failure; at != null; at = at.getCause()) {
                            assertThat(at.toString()).doesNotContain("hunter2").doesNotContain("us3r");
                        }
                    });
        } finally {
            server.stop(0);
        }
        assertFails(() -> list("http://169.254.169.254/a.git"), Reason.REFUSED, "link-local");
        try (var socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            var url = RepositoryUrl.of("http://127.0.0.1:" + socket.getLocalPort() + "/a.git", ALL);
            long start = System.nanoTime();
            assertFails(() -> source.list(url, Duration.ofMillis(300)), Reason.TIMEOUT, "within 300ms");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
        }
    }

    @Test
    void aPlaceWithoutRepositoryAndAnUnknownHostAreToldApart() {
        assertFails(() -> fetch("file://" + temp.resolve("nothing"), ""), Reason.NOT_A_REPOSITORY, "no git repository");
        assertFails(() -> fetch("https://nothing.invalid/a.git", ""), Reason.UNREACHABLE, "host is not known");
    }

    @Test
    void aPortThatNobodyListensOnIsUnreachable() throws IOException {
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        assertFails(() -> fetch("http://127.0.0.1:" + port + "/a.git", ""), Reason.UNREACHABLE, "nothing answers");
    }

    private static HttpServer answering(int status, Map<String, String> headers, AtomicInteger hits)
            throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            hits.incrementAndGet();
            headers.forEach((name, value) -> exchange.getResponseHeaders().add(name, value));
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
        return server;
    }

    private static String url(HttpServer server, String userInfo) {
        return "http://" + userInfo + "127.0.0.1:" + server.getAddress().getPort() + "/a.git";
    }

    @Test
    void aRemoteThatWantsCredentialsIsToldApartAndTheyAreNotShown() throws IOException {
        HttpServer server = answering(401, Map.of("WWW-Authenticate", "Basic realm=\"x\""), new AtomicInteger());
        try {
            assertFails(() -> fetch(url(server, ""), ""), Reason.AUTHENTICATION, "wants a user");
            assertThatThrownBy(() -> fetch(url(server, "us3r:hunter2@"), ""))
                    .hasMessageContaining("does not accept")
                    .hasStackTraceContaining("***")
                    .satisfies(failure -> {
                        for (Throwable at = failure; at != null; at = at.getCause()) {
                            assertThat(at.toString()).doesNotContain("hunter2").doesNotContain("us3r");
                        }
                    });
        } finally {
            server.stop(0);
        }
    }

    @Test
    void aRedirectToAnotherServerIsRefusedAndNothingIsAskedThere() throws IOException {
        var hits = new AtomicInteger();
        HttpServer other = answering(404, Map.of(), hits);
        HttpServer server = answering(
                302, Map.of("Location", url(other, "") + "/info/refs?service=git-upload-pack"), new AtomicInteger());
        try {
            assertFails(() -> fetch(url(server, ""), ""), Reason.REFUSED, "redirects to another server");
            assertThat(hits).hasValue(0);
        } finally {
            server.stop(0);
            other.stop(0);
        }
    }

    @Test
    void aLinkLocalAddressIsRefused() {
        assertFails(() -> fetch("http://169.254.169.254/a.git", ""), Reason.REFUSED, "link-local");
    }

    @Test
    void anUnknownSshServerIsNotTrusted() throws IOException {
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        assertFails(() -> fetch("ssh://git@127.0.0.1:" + port + "/a.git", ""), Reason.UNREACHABLE, "nothing answers");
    }

    @Test
    void aRemoteThatNeverAnswersIsGivenUpAtTheDeadlineAndAtACancel() throws Exception {
        source = new JGitSource(
                temp.resolve("data"),
                new GitSettings(Duration.ofMillis(500), Duration.ofSeconds(50), 10, 10, Path.of("/nonexistent")));
        try (var socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            String url = "http://127.0.0.1:" + socket.getLocalPort() + "/a.git";
            assertFails(() -> fetch(url, ""), Reason.TIMEOUT, "within 500ms");

            source = new JGitSource(temp.resolve("data"), SETTINGS);
            var connected = new CountDownLatch(1);
            Thread.ofVirtual().start(() -> accept(socket, connected));
            Thread.ofVirtual().start(() -> cancelAfter(connected));
            long start = System.nanoTime();
            assertThatThrownBy(() -> fetch(url, ""))
                    .isInstanceOf(Cancelled.class)
                    .hasMessage("Somebody else wants to deploy.");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
        }
    }

    private static void accept(ServerSocket socket, CountDownLatch connected) {
        try {
            Socket first = socket.accept();
            Socket second = socket.accept();
            connected.countDown();
            first.getInputStream().transferTo(OutputStream.nullOutputStream());
            second.close();
        } catch (IOException e) {
            connected.countDown();
        }
    }

    private void cancelAfter(CountDownLatch connected) {
        try {
            if (connected.await(10, TimeUnit.SECONDS)) {
                cancel.cancel("Somebody else wants to deploy.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aCancelledTokenStopsFetchAndCheckoutBeforeTheyStart() throws IOException {
        remote.commit("main", "First", Map.of("a", Entry.file("1")));
        Revision revision = fetch("");
        cancel.cancel("No longer wanted.");

        assertThatThrownBy(() -> fetch("")).isInstanceOf(Cancelled.class);
        assertThatThrownBy(() -> source.checkout(service, revision, temp.resolve("out"), cancel))
                .isInstanceOf(Cancelled.class);
        assertThat(temp.resolve("out")).doesNotExist();
    }

    @Test
    void warmingUpLeavesNothingBehindNotEvenWhatAKilledOneLeft() throws IOException {
        Path data = temp.resolve("a data directory");
        Path place = data.resolve("cache/warm-up");
        Files.createDirectories(place.resolve("remote.git/objects"));

        new JGitSource(data, SETTINGS).warmUp();

        assertThat(place).doesNotExist();
    }

    @Test
    void aCopyThatWasNeverFetchedHasNothingToResolve() {
        assertFails(() -> source.resolve(service, GitRef.DEFAULT), Reason.NOT_A_REPOSITORY, "has not been fetched");
    }
}
