package dev.argus.deploy.git;

import dev.argus.deploy.CancelToken;
import dev.argus.deploy.git.GitFailed.Reason;
import dev.argus.service.GitRef;
import dev.argus.service.RepositoryUrl;
import dev.argus.service.ServiceName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.TreeFormatter;

/** Fetches and writes out a repository of one file that it makes itself, so that all classes are loaded; leaves nothing behind. */
final class WarmUp {
    private final Path directory;
    private final GitSettings settings;

    /** Works in {@code directory}, which it makes and deletes; one that a killed Argus left there is deleted first. */
    WarmUp(Path directory, GitSettings settings) {
        this.directory = directory;
        this.settings = settings;
    }

    void run() {
        try {
            BareRepository.delete(directory);
            try {
                fetchAndWrite();
            } finally {
                BareRepository.delete(directory);
            }
        } catch (IOException e) {
            throw new GitFailed(Reason.FAILED, "Git could not be warmed up (" + e.getMessage() + ").", e);
        }
    }

    private void fetchAndWrite() throws IOException {
        Path remote = directory.resolve("remote.git");
        try (Repository repository = new FileRepository(remote.toFile())) {
            repository.create(true);
            commit(repository);
        }
        var source = new JGitSource(directory, settings);
        var service = ServiceName.of("warm-up");
        var cancel = new CancelToken();
        var url = new RepositoryUrl("file", "file://" + remote, null);
        Revision revision = source.fetch(service, url, GitRef.DEFAULT, line -> {}, cancel);
        source.checkout(service, revision, directory.resolve("out"), cancel);
    }

    private static void commit(Repository repository) throws IOException {
        try (var inserter = repository.newObjectInserter()) {
            ObjectId file = inserter.insert(Constants.OBJ_BLOB, "warm\n".getBytes(StandardCharsets.UTF_8));
            var tree = new TreeFormatter();
            tree.append("file", FileMode.REGULAR_FILE, file);
            var commit = new CommitBuilder();
            commit.setTreeId(inserter.insert(tree));
            commit.setAuthor(new PersonIdent("Argus", "argus@localhost"));
            commit.setCommitter(commit.getAuthor());
            commit.setMessage("Warm up");
            ObjectId id = inserter.insert(commit);
            inserter.flush();
            var update = repository.updateRef(Constants.HEAD);
            update.setNewObjectId(id);
            update.update();
        }
    }
}
