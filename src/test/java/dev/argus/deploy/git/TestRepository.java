package dev.argus.deploy.git;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.TagBuilder;
import org.eclipse.jgit.lib.TreeFormatter;

/** A bare repository into which tests put commits of any shape, also such as git itself would not make. */
final class TestRepository implements AutoCloseable {
    static final Instant WHEN = Instant.parse("2026-01-02T03:04:05Z");

    private final Repository repository;
    private final Path directory;

    TestRepository(Path directory) throws IOException {
        this.directory = directory;
        this.repository = new FileRepository(directory.toFile());
        repository.create(true);
        repository.updateRef(Constants.HEAD).link("refs/heads/main");
    }

    String url() {
        return "file://" + directory;
    }

    Repository repository() {
        return repository;
    }

    /** One entry of a root folder. */
    record Entry(FileMode mode, String content) {
        static Entry file(String text) {
            return new Entry(FileMode.REGULAR_FILE, text);
        }

        static Entry program(String text) {
            return new Entry(FileMode.EXECUTABLE_FILE, text);
        }

        static Entry link(String target) {
            return new Entry(FileMode.SYMLINK, target);
        }
    }

    /** Commits these paths, with slashes for folders, as all that there is on the branch; answers with the id. */
    String commit(String branch, String message, Map<String, Entry> entries) throws IOException {
        try (ObjectInserter inserter = repository.newObjectInserter()) {
            ObjectId tree = tree(inserter, new TreeMap<>(entries));
            String id = commit(inserter, branch, message, tree);
            inserter.flush();
            point("refs/heads/" + branch, ObjectId.fromString(id));
            return id;
        }
    }

    /** Commits a tree that a test has made itself. */
    String commitTree(String branch, String message, TreeMaker maker) throws IOException {
        try (ObjectInserter inserter = repository.newObjectInserter()) {
            String id = commit(inserter, branch, message, maker.make(inserter));
            inserter.flush();
            point("refs/heads/" + branch, ObjectId.fromString(id));
            return id;
        }
    }

    /** Makes a tree. */
    interface TreeMaker {
        ObjectId make(ObjectInserter inserter) throws IOException;
    }

    private String commit(ObjectInserter inserter, String branch, String message, ObjectId tree) throws IOException {
        var commit = new CommitBuilder();
        ObjectId parent = repository.resolve("refs/heads/" + branch);
        if (parent != null) {
            commit.setParentId(parent);
        }
        commit.setTreeId(tree);
        commit.setAuthor(new PersonIdent("A", "a@localhost", WHEN, ZoneOffset.UTC));
        commit.setCommitter(commit.getAuthor());
        commit.setMessage(message);
        return inserter.insert(commit).name();
    }

    private static ObjectId tree(ObjectInserter inserter, Map<String, Entry> entries) throws IOException {
        var formatter = new TreeFormatter();
        var folders = new TreeMap<String, TreeMap<String, Entry>>();
        var sorted = new TreeMap<String, Object>();
        for (var entry : entries.entrySet()) {
            int slash = entry.getKey().indexOf('/');
            if (slash < 0) {
                sorted.put(entry.getKey(), entry.getValue());
            } else {
                String folder = entry.getKey().substring(0, slash);
                var inside = folders.computeIfAbsent(folder, name -> new TreeMap<>());
                inside.put(entry.getKey().substring(slash + 1), entry.getValue());
                sorted.put(folder + "/", inside);
            }
        }
        for (var entry : sorted.entrySet()) {
            if (entry.getValue() instanceof Entry file) {
                ObjectId id = file.mode().equals(FileMode.TYPE_GITLINK)
                        ? ObjectId.fromString("1234567890123456789012345678901234567890")
                        : inserter.insert(Constants.OBJ_BLOB, file.content().getBytes(StandardCharsets.UTF_8));
                formatter.append(entry.getKey(), file.mode(), id);
            } else {
                String folder = entry.getKey().substring(0, entry.getKey().length() - 1);
                formatter.append(folder, FileMode.TREE, tree(inserter, folders.getOrDefault(folder, new TreeMap<>())));
            }
        }
        return inserter.insert(formatter);
    }

    void lightTag(String name, String commit) throws IOException {
        point("refs/tags/" + name, ObjectId.fromString(commit));
    }

    void annotatedTag(String name, String commit) throws IOException {
        try (ObjectInserter inserter = repository.newObjectInserter()) {
            var tag = new TagBuilder();
            tag.setTag(name);
            tag.setObjectId(ObjectId.fromString(commit), Constants.OBJ_COMMIT);
            tag.setTagger(new PersonIdent("A", "a@localhost", WHEN, ZoneOffset.UTC));
            tag.setMessage(name);
            ObjectId id = inserter.insert(tag);
            inserter.flush();
            point("refs/tags/" + name, id);
        }
    }

    void point(String ref, ObjectId id) throws IOException {
        RefUpdate update = repository.updateRef(ref);
        update.setNewObjectId(id);
        update.setForceUpdate(true);
        update.update();
    }

    void delete(String ref) throws IOException {
        RefUpdate update = repository.updateRef(ref);
        update.setForceUpdate(true);
        update.delete();
    }

    @Override
    public void close() {
        repository.close();
    }
}
