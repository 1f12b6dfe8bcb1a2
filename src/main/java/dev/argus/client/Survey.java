package dev.argus.client;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Asks several servers the same at the same time, none for longer than its limit. */
final class Survey {
    private Survey() {}

    /** What became of the question to one server: an answer, or the failure. */
    record Reply(Api api, @Nullable Json answer, @Nullable ClientFailure failure) {}

    /**
     * Asks each; the replies are in the order of the servers. A single one is asked without a thread.
     *
     * @param question is to end within {@link Api#CHOICE_SECONDS} itself; looking up a host name may keep it longer, then
     *     it is not waited for
     */
    static List<Reply> ask(List<Api> apis, Function<Api, Json> question) {
        List<Reply> replies = new ArrayList<>();
        if (apis.size() == 1) {
            replies.add(reply(apis.get(0), question));
            return replies;
        }
        List<FutureTask<Reply>> tasks = new ArrayList<>();
        for (Api api : apis) {
            FutureTask<Reply> task = new FutureTask<>(() -> reply(api, question));
            tasks.add(task);
            // a platform thread: the first virtual one costs more than a handful of these
            Thread.ofPlatform().daemon().name("ask " + api.server().name()).start(task);
        }
        Deadline deadline = Deadline.in(Api.CHOICE_SECONDS + 1);
        for (int i = 0; i < tasks.size(); i++) {
            replies.add(result(apis.get(i), tasks.get(i), deadline));
        }
        return replies;
    }

    private static Reply reply(Api api, Function<Api, Json> question) {
        try {
            return new Reply(api, question.apply(api), null);
        } catch (ClientFailure e) {
            return new Reply(api, null, e);
        }
    }

    private static Reply result(Api api, FutureTask<Reply> task, Deadline deadline) {
        try {
            return task.get(deadline.left(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            String reason = "nothing came within " + Api.CHOICE_SECONDS + " s";
            return new Reply(
                    api, null, new Unreachable(reason, api.server().url() + " gave no answer: " + reason + "."));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ClientFailure.failed(
                    "Interrupted while asking " + api.server().url() + ".");
        } catch (ExecutionException e) {
            throw new IllegalStateException("asking " + api.server().url(), e.getCause());
        }
    }
}
