package dev.argus.deploy;

import dev.argus.control.Layout;
import dev.argus.process.InstanceLog;
import dev.argus.service.ServiceName;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a deployment leaves in words: the output of its build, and what its instances said last. The files of a release that did not become one are
 * removed, so what they say is kept in {@code logs/failed-DEPLOYMENT.log}, each line behind its source. Blocks; thread-safe.
 */
final class DeploymentLog {
    private static final Logger log = LoggerFactory.getLogger(DeploymentLog.class);
    private static final String BUILD = "build";
    private static final String ENDING = ".log";
    private static final String FAILED = "failed-";
    private static final String BETWEEN = ": ";
    private static final int LINES_OF_BUILD = 1_000;
    private static final int LINES_OF_INSTANCE = 200;
    private static final int MOST_INSTANCES = 8;

    /** The most that is kept of one source, in characters. */
    private static final int LONGEST = 256 * 1024;

    private static final int KEPT = 10;

    private final Layout layout;

    DeploymentLog(Layout layout) {
        this.layout = layout;
    }

    /** Keeps what there is of a release that is about to be removed; that it cannot is no reason not to go on. */
    void keep(ServiceName service, int release, String deployment) {
        Path logs = layout.logs(service.value());
        try {
            List<LogLine> lines = linesOf(service, release, true);
            if (lines.isEmpty()) {
                return;
            }
            try (BufferedWriter out = Files.newBufferedWriter(
                    logs.resolve(FAILED + deployment + ENDING),
                    StandardCharsets.UTF_8,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE,
                    LinkOption.NOFOLLOW_LINKS)) {
                for (LogLine line : lines) {
                    out.write(line.source() + BETWEEN + line.text() + "\n");
                }
            }
            removeOld(logs);
        } catch (IOException e) {
            log.warn("the log of deployment {} of {} was not kept: {}", deployment, service.value(), e.toString());
        }
    }

    /** The last lines of a deployment. */
    List<LogLine> read(Deployment deployment, int most) throws IOException {
        var kept = new InstanceLog(layout.logs(deployment.service()), FAILED + deployment.id());
        List<LogLine> lines =
                kept.tail(most).stream().map(DeploymentLog::parsed).toList();
        Integer release = deployment.release();
        if (lines.isEmpty() && release != null) {
            lines = linesOf(ServiceName.of(deployment.service()), release, deployment.outcome() != Outcome.SUCCEEDED);
        }
        return lines.subList(Math.max(0, lines.size() - most), lines.size());
    }

    private static LogLine parsed(String line) {
        int end = line.indexOf(BETWEEN);
        return end < 0 ? new LogLine("", line) : new LogLine(line.substring(0, end), line.substring(end + 2));
    }

    private List<LogLine> linesOf(ServiceName service, int release, boolean ofInstancesToo) throws IOException {
        List<LogLine> lines = new ArrayList<>();
        Path logs = layout.logs(service.value());
        if (!Files.isDirectory(logs, LinkOption.NOFOLLOW_LINKS)) {
            return lines;
        }
        add(lines, BUILD, new InstanceLog(logs, BUILD + "-" + release), LINES_OF_BUILD);
        if (ofInstancesToo) {
            String first = service.value() + "-" + release + "-";
            for (String instance : names(logs, first).limit(MOST_INSTANCES).toList()) {
                add(lines, instance, new InstanceLog(logs, instance), LINES_OF_INSTANCE);
            }
        }
        return lines;
    }

    private static void add(List<LogLine> lines, String source, InstanceLog file, int most) {
        List<LogLine> found = new ArrayList<>();
        int length = 0;
        try {
            for (String text : file.tail(most).reversed()) {
                length += text.length();
                if (length > LONGEST) {
                    break;
                }
                found.add(new LogLine(source, text));
            }
        } catch (IOException e) {
            // what the others say is wanted all the same
            found.add(new LogLine(source, "[argus: this log cannot be read: " + e.getMessage() + "]"));
        }
        lines.addAll(found.reversed());
    }

    /** The logs in a directory whose names begin so, without their ending, in their order. */
    private static Stream<String> names(Path logs, String first) throws IOException {
        try (Stream<Path> files = Files.list(logs)) {
            return files
                    .map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.startsWith(first) && name.endsWith(ENDING))
                    .map(name -> name.substring(0, name.length() - ENDING.length()))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    private static void removeOld(Path logs) throws IOException {
        // their ids rise with time
        List<String> newestFirst =
                names(logs, FAILED).sorted(Comparator.reverseOrder()).toList();
        for (String old : newestFirst.subList(Math.min(KEPT, newestFirst.size()), newestFirst.size())) {
            Files.deleteIfExists(logs.resolve(old + ENDING));
        }
    }
}
