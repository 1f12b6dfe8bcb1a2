package dev.argus.history;

import dev.argus.probe.Probed;
import dev.argus.process.Evidence;
import dev.argus.process.ProcessEvidence;
import dev.argus.process.Socket;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The JSON of evidence, in which it is kept and shown. Text of services stands in it as they wrote it. */
final class EvidenceCodec {
    /** The most bytes that one incident keeps. */
    static final int LONGEST = 256 * 1024;

    private static final int LONGEST_LINE = 2_000;

    private EvidenceCodec() {}

    /** What does not fit is left out: of the log the oldest lines first, of a dump the last, at the end the sockets and files. */
    static String encode(@Nullable Long pid, List<Probed> probes, Evidence evidence) {
        List<String> log = cut(evidence.log());
        List<String> dump = cut(evidence.dump());
        List<ProcessEvidence> processes = evidence.processes();
        String json = json(pid, probes, processes, log, dump, evidence.notes());
        while (length(json) > LONGEST && !(log.isEmpty() && dump.isEmpty() && processes.size() < 2)) {
            if (length(lines(log).encode()) >= length(lines(dump).encode()) && !log.isEmpty()) {
                log = log.subList((log.size() + 1) / 2, log.size());
            } else if (!dump.isEmpty()) {
                dump = dump.subList(0, dump.size() / 2);
            } else {
                processes = processes.subList(0, processes.size() / 2);
            }
            json = json(pid, probes, processes, log, dump, evidence.notes());
        }
        return json;
    }

    private static int length(String json) {
        return json.getBytes(StandardCharsets.UTF_8).length;
    }

    private static List<String> cut(List<String> lines) {
        return lines.stream()
                .map(line -> line.length() > LONGEST_LINE ? line.substring(0, LONGEST_LINE - 1) + "…" : line)
                .toList();
    }

    private static String json(
            @Nullable Long pid,
            List<Probed> probes,
            List<ProcessEvidence> processes,
            List<String> log,
            List<String> dump,
            List<String> notes) {
        var json = new JsonObject().put("pid", pid);
        var all = new JsonArray();
        probes.forEach(probe -> all.add(new JsonObject()
                .put("at", probe.at().truncatedTo(ChronoUnit.MILLIS).toString())
                .put("tookMillis", probe.took().toMillis())
                .put("failure", probe.failure())));
        var seen = new JsonArray();
        processes.forEach(process -> seen.add(json(process)));
        return json.put("probes", all)
                .put("processes", seen)
                .put("log", lines(log))
                .put("dump", lines(dump))
                .put("notes", lines(notes))
                .encode();
    }

    private static JsonArray lines(List<String> lines) {
        var array = new JsonArray();
        lines.forEach(array::add);
        return array;
    }

    private static JsonObject json(ProcessEvidence process) {
        var waits = new JsonObject();
        process.waits().forEach(waits::put);
        var files = new JsonObject();
        process.files().forEach(files::put);
        var sockets = new JsonArray();
        process.sockets().forEach(socket -> sockets.add(json(socket)));
        return new JsonObject()
                .put("pid", process.pid())
                .put("parent", process.parent())
                .put("command", process.command())
                .put("state", process.state())
                .put("threads", process.threads())
                .put("waits", waits)
                .put("doing", process.doing())
                .put("stack", lines(process.stack()))
                .put("rssBytes", process.residentBytes())
                .put("peakRssBytes", process.peakBytes())
                .put("swapBytes", process.swappedBytes())
                .put("oomScore", process.oomScore())
                .put("openFiles", process.openFiles())
                .put("mostFiles", process.mostFiles())
                .put("files", files)
                .put("sockets", sockets)
                .put("allSockets", process.allSockets());
    }

    private static JsonObject json(Socket socket) {
        return new JsonObject()
                .put("protocol", socket.protocol())
                .put("state", socket.state())
                .put("local", socket.local())
                .put("remote", socket.remote())
                .put("receiveQueue", socket.receiveQueue())
                .put("sendQueue", socket.sendQueue());
    }
}
