package dev.argus.api;

import dev.argus.deploy.Deployment;
import dev.argus.deploy.Outcome;
import dev.argus.deploy.Step;
import dev.argus.deploy.StepState;
import dev.argus.history.Entry;
import dev.argus.history.Incident;
import dev.argus.instance.Health;
import dev.argus.instance.Instance;
import dev.argus.instance.Outlook;
import dev.argus.service.Desired;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a service is as it is, in sentences, what matters most first. Pure.
 *
 * @param reason the one sentence; empty when there is nothing to say
 */
record Explanation(String reason, List<String> details) {
    /** Copies the sentences. */
    Explanation {
        details = List.copyOf(details);
    }

    static Explanation of(Snapshot so) {
        List<String> sentences = new ArrayList<>();
        deploying(so, sentences);
        stopped(so, sentences);
        neverDeployed(so, sentences);
        so.instances().forEach(instance -> instance(so, instance, sentences));
        so.instances().stream()
                .map(Instance::probeNote)
                .filter(note -> !note.isEmpty())
                .distinct()
                .forEach(sentences::add);
        sentences.addAll(so.notes());
        incident(so, sentences);
        lastDeployment(so, sentences);
        return new Explanation(reason(so), sentences);
    }

    private static String reason(Snapshot so) {
        String reason = so.status().reason();
        Entry stop = so.memory().lastStop();
        return so.status().word().equals("stopped") && so.service().desired() == Desired.STOPPED && stop != null
                ? (reason.startsWith("Being") ? "Being stopped by " : "Stopped by ") + by(stop) + "."
                : reason;
    }

    private static String by(Entry stop) {
        return String.valueOf(stop.details().get("by"));
    }

    private static void deploying(Snapshot so, List<String> sentences) {
        Deployment newest = so.newest();
        if (newest == null || !newest.isInFlight()) {
            return;
        }
        String what = newest.called();
        Step running = newest.steps().stream()
                .filter(step -> step.state() == StepState.RUNNING)
                .findFirst()
                .orElse(null);
        Instant since = running == null ? null : running.startedAt();
        sentences.add(
                running == null || since == null
                        ? what + " has not begun, or is between two steps; it was asked for "
                                + ago(newest.createdAt(), so.now()) + "."
                        : what + " is under way: it is at the step "
                                + running.name().word() + " since " + words(Duration.between(since, so.now())) + ".");
    }

    private static void stopped(Snapshot so, List<String> sentences) {
        if (so.service().desired() == Desired.STOPPED) {
            Entry stop = so.memory().lastStop();
            String by = stop == null ? so.service().changedBy() : by(stop);
            Instant at = stop == null ? so.service().changedAt() : stop.at();
            sentences.add(
                    "It was stopped by " + by + " at " + Json.time(at) + " and stays so until somebody starts it.");
        }
    }

    private static void neverDeployed(Snapshot so, List<String> sentences) {
        Deployment newest = so.newest();
        if (so.service().liveRelease() != null || (newest != null && newest.isInFlight())) {
            return;
        }
        if (newest == null) {
            sentences.add("It has no release yet and nothing was deployed since Argus knows it; deploy it.");
        } else if (newest.outcome() == Outcome.SUCCEEDED) {
            sentences.add("It was built and never deployed; deploy it.");
        } else {
            sentences.add("It has no release that could run, because no deployment has succeeded yet.");
        }
    }

    private static void instance(Snapshot so, Instance instance, List<String> sentences) {
        sentences.add(describe(instance));
        String stranger = so.strangers().getOrDefault(instance.id(), "");
        if (!stranger.isEmpty()) {
            sentences.add("Port " + instance.port() + ", which it needs, is held by " + stranger
                    + "; stop that, or give one of them another port.");
        }
        so.outlooks().stream()
                .filter(outlook -> outlook.id().equals(instance.id()))
                .findFirst()
                .ifPresent(outlook -> outlook(so, instance, outlook, sentences));
    }

    private static void outlook(Snapshot so, Instance instance, Outlook outlook, List<String> sentences) {
        Instant next = outlook.nextStartAt();
        if (next != null) {
            sentences.add("It is in back-off for another " + words(Duration.between(so.now(), next)) + " because of "
                    + outlook.restarts() + (outlook.restarts() == 1 ? " restart" : " restarts") + " in "
                    + words(outlook.restartsWithin()) + ".");
        }
        Instant since = outlook.failingSince();
        if (since != null && next == null && instance.wanted()) {
            Duration grace = outlook.grace();
            sentences.add(upper(outlook.probeFailure()) + ", for " + words(Duration.between(since, so.now()))
                    + (grace == null ? "." : "; failures count once it has run for " + words(grace) + "."));
        }
    }

    private static String describe(Instance instance) {
        var text = new StringBuilder("Instance " + instance.id() + " of release " + instance.release() + " is "
                + instance.state().word() + " and its health is "
                + instance.health().word());
        if (instance.pid() != null) {
            text.append(", pid ").append(instance.pid());
        }
        if (instance.port() != null) {
            text.append(", port ").append(instance.port());
        }
        text.append(", ").append(instance.restarts()).append(instance.restarts() == 1 ? " restart" : " restarts");
        if (!instance.reason().isEmpty()) {
            text.append("; ").append(instance.reason());
        }
        return sentence(text.toString());
    }

    /** What went wrong last; what was found then only as long as it may still be the reason. */
    private static void incident(Snapshot so, List<String> sentences) {
        Incident incident = so.memory().incident();
        if (incident == null) {
            return;
        }
        sentences.add("Its last incident, " + incident.id() + " (" + incident.kind() + "), was "
                + ago(incident.at(), so.now()) + ": " + sentence(incident.reason()));
        boolean over = so.instances().stream()
                .anyMatch(instance -> instance.id().equals(incident.instance())
                        && instance.health() == Health.HEALTHY
                        && Duration.between(incident.at(), so.now()).toHours() > 0);
        if (over) {
            return;
        }
        if (!incident.lastWords().isEmpty()) {
            sentences.add("The last that it wrote before was: " + incident.lastWords());
        }
        sentences.addAll(incident.findings());
    }

    private static void lastDeployment(Snapshot so, List<String> sentences) {
        Deployment newest = so.newest();
        if (newest != null && newest.cause() != null) {
            Outcome outcome = newest.outcome();
            sentences.add("Its last deployment, " + newest.id() + " by " + newest.by() + ", ended as "
                    + (outcome == null ? "nothing yet" : outcome.word()) + ": " + newest.cause());
        }
    }

    private static String sentence(String text) {
        return text.endsWith(".") ? text : text + ".";
    }

    private static String upper(String text) {
        return text.isEmpty() ? text : Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }

    private static String ago(@Nullable Instant at, Instant now) {
        return at == null ? "some time ago" : words(Duration.between(at, now)) + " ago";
    }

    /** {@code 0.4 s}, {@code 12 s}, {@code 2 min 5 s}, {@code 3 h 2 min}, {@code 4 d 1 h}; of what is negative 0. */
    static String words(Duration duration) {
        long millis = Math.max(0, duration.toMillis());
        long seconds = millis / 1_000;
        if (seconds < 10) {
            return seconds + "." + millis % 1_000 / 100 + " s";
        }
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3_600) {
            return seconds / 60 + " min " + seconds % 60 + " s";
        }
        return seconds < 86_400
                ? seconds / 3_600 + " h " + seconds / 60 % 60 + " min"
                : seconds / 86_400 + " d " + seconds / 3_600 % 24 + " h";
    }
}
