package dev.argus.client;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Follows a deployment to its end: by its events, taken up again where they broke off, and by asking when no stream can
 * be had. A look at the deployment itself follows every break and every silence, so nothing is missed in between.
 */
final class DeploymentFollower {
    /** Longer than the longest clone, build and start together that the defaults of a server allow. */
    private static final int LONGEST_SECONDS = 2 * 60 * 60;

    /** How long a server may be away, while it is restarted for instance. */
    private static final int AWAY_SECONDS = 30;

    private static final int STREAMS_THAT_MAY_BREAK = 3;
    private static final int TICK_MILLIS = 1000;
    private static final int TICKS_PER_LOOK = 5;
    private static final int PAUSE_MILLIS = 300;

    private final Api api;
    private final String id;
    private final Progress progress;
    private final int keptLines;
    private final Deque<String> output = new ArrayDeque<>();
    private final Map<String, String> states = new HashMap<>();
    private final Map<String, String> beginnings = new HashMap<>();
    /** Zero asks for everything that happened before, too. */
    private String lastEventId = "0";

    private int broken;
    private @Nullable Deadline away;

    DeploymentFollower(Api api, String id, Progress progress, int keptLines) {
        this.api = api;
        this.id = id;
        this.progress = progress;
        this.keptLines = keptLines;
    }

    /** The last lines of the build, oldest first. */
    List<String> output() {
        return List.copyOf(output);
    }

    /**
     * Waits for the end.
     *
     * @return the finished deployment
     * @throws ClientFailure if the server is away for too long, or the deployment takes longer than any may
     */
    Json follow() {
        Deadline deadline = Deadline.in(LONGEST_SECONDS);
        while (!deadline.over()) {
            Json finished = broken < STREAMS_THAT_MAY_BREAK ? stream(deadline) : look();
            if (finished != null) {
                return finished;
            }
            broken++;
            progress.tick();
            Pause.millis(PAUSE_MILLIS);
        }
        throw ClientFailure.failed("The deployment is not finished after " + LONGEST_SECONDS / 3600
                + " h; it goes on, ask argus-client status.");
    }

    /** Follows one stream; null if it broke. */
    private @Nullable Json stream(Deadline deadline) {
        try (EventStream events = api.events(path() + "/events", lastEventId)) {
            Json finished = null;
            for (int silence = 0; finished == null && !deadline.over(); silence++) {
                ServerEvent event = events.next(TICK_MILLIS);
                if (event == null) {
                    return look();
                }
                if (event.isNone()) {
                    progress.tick();
                    finished = silence % TICKS_PER_LOOK == 0 ? look() : null;
                } else {
                    finished = heard(event);
                }
            }
            return finished;
        } catch (IOException e) {
            return look(); // the stream broke: that is what looking and the next stream are for
        } catch (Unreachable e) {
            lost(e);
            return null;
        } catch (Refused e) {
            if (e.status() == ExitStatus.NOT_ALLOWED) {
                throw e;
            }
            return look();
        }
    }

    private @Nullable Json heard(ServerEvent event) throws IOException {
        if (event.id() != null) {
            lastEventId = event.id();
        }
        broken = 0;
        Json data = Json.read(event.data());
        switch (event.type()) {
            case "deployment-progress" ->
                step(
                        data.text("step", ""),
                        data.text("state", ""),
                        data.text("at"),
                        data.text("at"),
                        data.text("detail"));
            case "deployment-output" -> output(data.text("line", ""));
            case "deployment-finished" -> {
                return look();
            }
            default -> {
                // of a later version
            }
        }
        // its release is in service now, and going back would be news of its own
        return isBake(data) ? look() : null;
    }

    private static boolean isBake(Json progress) {
        return progress.text("step", "").equals("bake")
                && progress.text("state", "").equals("running");
    }

    /** When its bake time began; null where that has not begun or is over. */
    static @Nullable String bakingSince(Json deployment) {
        for (Json step : deployment.at("steps").items()) {
            if (step.text("name", "").equals("bake") && step.text("state", "").equals("running")) {
                return step.text("startedAt");
            }
        }
        return null;
    }

    private void output(String line) {
        if (output.size() == keptLines) {
            output.removeFirst();
        }
        output.addLast(line);
        progress.output(line);
    }

    /** Asks for the deployment and shows what is new; null while it runs or the server is away. */
    private @Nullable Json look() {
        Json deployment;
        try {
            deployment = api.read(path());
            away = null;
        } catch (Unreachable e) {
            lost(e);
            return null;
        }
        boolean finished = !deployment.at("outcome").isNull() || bakingSince(deployment) != null;
        for (Json step : deployment.at("steps").items()) {
            step(
                    step.text("name", ""),
                    step.text("state", ""),
                    step.text("startedAt"),
                    step.text("finishedAt"),
                    step.text("detail"));
        }
        return finished ? deployment : null;
    }

    private void lost(Unreachable failure) {
        if (away == null) {
            away = Deadline.in(AWAY_SECONDS);
        } else if (away.over()) {
            throw new Unreachable(
                    failure.reason(),
                    api.server().url() + " went away (" + failure.reason()
                            + "); the deployment goes on there as far as it can: ask argus-client status.");
        }
    }

    private void step(
            String phase, String state, @Nullable String began, @Nullable String ended, @Nullable String detail) {
        String before = states.get(phase);
        if (phase.isEmpty() || state.equals(before) || isEnd(before)) {
            return;
        }
        if (state.equals("running") && phase.equals("bake")) {
            return;
        }
        if (state.equals("running")) {
            states.put(phase, state);
            if (began != null) {
                beginnings.put(phase, began);
            }
            progress.began(phase);
        } else if (isEnd(state)) {
            states.put(phase, state);
            String beginning = beginnings.getOrDefault(phase, began);
            boolean timed = ended != null && !state.equals("skipped");
            progress.ended(phase, state, timed ? Units.between(beginning, ended) : null, detail);
        }
    }

    private static boolean isEnd(@Nullable String state) {
        return state != null
                && (state.equals("succeeded")
                        || state.equals("failed")
                        || state.equals("skipped")
                        || state.equals("cancelled"));
    }

    private String path() {
        return "/deployments/" + Api.segment(id);
    }
}
