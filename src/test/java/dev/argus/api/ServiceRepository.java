package dev.argus.api;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.RefUpdate;

/** A git repository with a small service of known behaviour. Files whose names end in {@code .sh} are executable. */
final class ServiceRepository implements AutoCloseable {
    private static final String PYTHON = "/usr/bin/python3";

    /**
     * Answers on the paths that {@code ALIVE} lists with 200, on {@code /version}, {@code /env} and {@code /pid} with what they
     * say, on {@code /isalive} with 500 as long as there is a file with the name in {@code SICK} and its port, on {@code /until/FILE} when that file exists (there is a {@code FILE.asked} meanwhile), and on all others with 404. Listens on the port of its first argument.
     */
    private static final String SERVER = """
            import json, os, socket, sys, time
            from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

            ALIVE = os.environ.get("ALIVE", "/isalive").split(",")
            VERSION = open("version.txt").read()

            class Handler(BaseHTTPRequestHandler):
                # an answer leaves in one piece, so that a kill does not come between its head and its body
                wbufsize = 65536

                def do_GET(self):
                    text = {"/version": VERSION, "/pid": str(os.getpid()), "/env": json.dumps(dict(os.environ))}.get(self.path)
                    if self.path in ALIVE:
                        text = "ok"
                    if self.path.startswith("/until/"):
                        open(self.path[6:] + ".asked", "w").close()
                        while not os.path.exists(self.path[6:]):
                            time.sleep(0.02)
                        text = "now"
                    sick = self.path == "/isalive" and os.path.exists(os.environ.get("SICK", "/nowhere/") + sys.argv[1])
                    body = (text or "nothing here").encode()
                    self.send_response(500 if sick else 404 if text is None else 200)
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                    self.wfile.flush()

                def log_message(self, *args):
                    pass

            class Server(ThreadingHTTPServer):
                def server_bind(self):
                    self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                    self.socket.bind(self.server_address)
                    self.server_address = self.socket.getsockname()
                    self.server_name, self.server_port = self.server_address[0], self.server_address[1]

            server = Server(("127.0.0.1", int(sys.argv[1])), Handler)
            print("version", VERSION, "listens", flush=True)
            server.serve_forever()
            """;

    private final FileRepository repository;
    private final Path directory;
    private final Map<String, String> files = new TreeMap<>();

    private ServiceRepository(Path directory) {
        this.directory = directory;
        try {
            repository = new FileRepository(directory.toFile());
            repository.create(true);
            repository.updateRef(Constants.HEAD).link("refs/heads/main");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An empty repository in {@code parent}. */
    static ServiceRepository empty(Path parent, String name) {
        return new ServiceRepository(parent.resolve(name + ".git"));
    }

    /** A service that answers at once; it is not built. */
    static ServiceRepository healthy(Path parent, String name) {
        return empty(parent, name)
                .file("server.py", SERVER)
                .file("version.txt", "1")
                .manifest(new JsonObject().put("build", "true").put("start", start("{port}")))
                .commit("first");
    }

    /** The command that starts the server of {@link #healthy} on a port. */
    static String start(String port) {
        return PYTHON + " -S server.py " + port;
    }

    /** A service that is started by this shell script. */
    static ServiceRepository script(Path parent, String name, String script) {
        return empty(parent, name)
                .file("run.sh", "#!/bin/sh\n" + script + "\n")
                .manifest(new JsonObject().put("build", "true").put("start", "./run.sh"))
                .commit("first");
    }

    ServiceRepository file(String path, String content) {
        files.put(path, content);
        return this;
    }

    ServiceRepository without(String path) {
        files.remove(path);
        return this;
    }

    ServiceRepository manifest(JsonObject manifest) {
        return file("argus.json", manifest.encode());
    }

    /** Sets some fields of the manifest. */
    ServiceRepository manifestWith(String key, Object value) {
        return manifest(new JsonObject(files.getOrDefault("argus.json", "{}")).put(key, value));
    }

    /** Commits all files on the main branch. */
    ServiceRepository commit(String message) {
        try (ObjectInserter inserter = repository.newObjectInserter()) {
            var index = DirCache.newInCore();
            var builder = index.builder();
            for (var file : files.entrySet()) {
                var entry = new DirCacheEntry(file.getKey());
                entry.setFileMode(file.getKey().endsWith(".sh") ? FileMode.EXECUTABLE_FILE : FileMode.REGULAR_FILE);
                entry.setObjectId(
                        inserter.insert(Constants.OBJ_BLOB, file.getValue().getBytes(StandardCharsets.UTF_8)));
                builder.add(entry);
            }
            builder.finish();
            var commit = new CommitBuilder();
            ObjectId parent = repository.resolve("refs/heads/main");
            if (parent != null) {
                commit.setParentId(parent);
            }
            commit.setTreeId(index.writeTree(inserter));
            commit.setAuthor(new PersonIdent("A", "a@localhost", Instant.now(), ZoneOffset.UTC));
            commit.setCommitter(commit.getAuthor());
            commit.setMessage(message);
            ObjectId id = inserter.insert(commit);
            inserter.flush();
            RefUpdate update = repository.updateRef("refs/heads/main");
            update.setNewObjectId(id);
            update.update();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    String url() {
        return "file://" + directory;
    }

    /** The body that deploys it. */
    JsonObject body() {
        return new JsonObject().put("repository", url());
    }

    @Override
    public void close() {
        repository.close();
    }
}
