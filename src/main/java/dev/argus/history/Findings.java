package dev.argus.history;

import dev.argus.probe.Probed;
import dev.argus.process.Evidence;
import dev.argus.process.ProcessEvidence;
import dev.argus.process.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Says in sentences what evidence shows. Pure. */
final class Findings {
    private static final int MANY_HALF_CLOSED = 10;
    private static final int SEVERAL_THREADS = 2;
    private static final double NEARLY_ALL = 0.95;
    private static final int MOST = 20;

    private Findings() {}

    static List<String> of(List<Probed> probes, Evidence evidence) {
        List<String> findings = new ArrayList<>();
        probes(probes, findings);
        evidence.processes().forEach(process -> look(process, findings));
        findings.addAll(evidence.notes());
        return List.copyOf(findings.subList(0, Math.min(MOST, findings.size())));
    }

    private static void probes(List<Probed> probes, List<String> findings) {
        Probed answered = null;
        int failed = 0;
        for (Probed probe : probes) {
            if (probe.failure() == null) {
                answered = probe;
                failed = 0;
            } else {
                failed++;
            }
        }
        if (answered != null && failed > 0) {
            findings.add("The last probe that was answered as it should be took " + words(answered.took()) + ", and "
                    + (failed == 1 ? "one has" : failed + " have") + " failed since.");
        }
    }

    private static void look(ProcessEvidence process, List<String> findings) {
        String who = "Process " + process.pid() + " (" + process.command() + ")";
        switch (process.state()) {
            case "stopped" ->
                findings.add(
                        who + " was stopped by a signal such as SIGSTOP, by somebody or something else than Argus.");
            case "traced" -> findings.add(who + " was stopped by a debugger.");
            case "disk-wait" ->
                findings.add(who + " waited in the kernel for a disk or a network file system" + place(process) + ".");
            case "running" -> findings.add(who + " was computing.");
            default -> idle(who, process, findings);
        }
        Long most = process.mostFiles();
        if (most != null && process.openFiles() >= most * NEARLY_ALL) {
            findings.add(who + " had " + process.openFiles() + " of at most " + most
                    + " files open; it may leave some open, or needs a higher limit.");
        }
        sockets(who, process.sockets(), findings);
    }

    private static void idle(String who, ProcessEvidence process, List<String> findings) {
        if (process.threads() >= SEVERAL_THREADS && waitingForLocks(process.waits()) == process.threads()) {
            findings.add("All " + process.threads() + " threads of " + who
                    + " waited for one another (futex): a deadlock is likely.");
        } else if (!process.doing().isEmpty()) {
            findings.add(who + " was in " + process.doing() + ".");
        }
    }

    private static int waitingForLocks(Map<String, Integer> waits) {
        return waits.entrySet().stream()
                .filter(wait -> wait.getKey().contains("futex"))
                .mapToInt(Map.Entry::getValue)
                .sum();
    }

    private static String place(ProcessEvidence process) {
        return process.waits().keySet().stream()
                .filter(wait -> wait.startsWith("disk-wait in "))
                .findFirst()
                .map(wait -> " (" + wait.substring("disk-wait in ".length()) + ")")
                .orElse("");
    }

    private static void sockets(String who, List<Socket> sockets, List<String> findings) {
        for (Socket socket : sockets) {
            if (socket.listens() && socket.receiveQueue() > 0) {
                findings.add(socket.receiveQueue()
                        + (socket.receiveQueue() == 1 ? " connection" : " connections") + " to " + socket.local()
                        + " waited to be accepted by " + who + ".");
            }
        }
        long halfClosed = sockets.stream()
                .filter(socket -> socket.state().equals("CLOSE_WAIT"))
                .count();
        if (halfClosed >= MANY_HALF_CLOSED) {
            findings.add(who + " had not closed " + halfClosed
                    + " connections or more that the other side has ended (CLOSE_WAIT).");
        }
    }

    private static String words(Duration duration) {
        long millis = duration.toMillis();
        return millis < 1_000 ? millis + " ms" : millis / 1_000 + "." + millis % 1_000 / 100 + " s";
    }
}
