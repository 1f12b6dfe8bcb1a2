package dev.argus.deploy;

import dev.argus.bus.Event;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What happens in deployments. */
public sealed interface DeployEvent extends Event {

    /** The deployment it happens in. */
    String deployment();

    /** The service it happens to. */
    String service();

    @Override
    default String subject() {
        return service();
    }

    /** A step has begun or ended. */
    record Progress(
            String service,
            String deployment,
            StepName step,
            StepState state,
            @Nullable String detail) implements DeployEvent {
        @Override
        public String type() {
            return "deployment-progress";
        }

        @Override
        public Map<String, @Nullable Object> details() {
            Map<String, @Nullable Object> details = new LinkedHashMap<>();
            details.put("deployment", deployment);
            details.put("step", step.word());
            details.put("state", state.word());
            details.put("detail", detail);
            return details;
        }
    }

    /** The build has written a line. */
    record Output(String service, String deployment, String line) implements DeployEvent {
        @Override
        public String type() {
            return "deployment-output";
        }

        @Override
        public Map<String, @Nullable Object> details() {
            Map<String, @Nullable Object> details = new LinkedHashMap<>();
            details.put("deployment", deployment);
            details.put("line", line);
            return details;
        }
    }

    /** It has ended. */
    record Finished(
            String service,
            String deployment,
            Outcome outcome,
            @Nullable String cause,
            @Nullable Integer release) implements DeployEvent {
        @Override
        public String type() {
            return "deployment-finished";
        }

        @Override
        public Map<String, @Nullable Object> details() {
            Map<String, @Nullable Object> details = new LinkedHashMap<>();
            details.put("deployment", deployment);
            details.put("outcome", outcome.word());
            details.put("cause", cause);
            details.put("release", release);
            return details;
        }
    }
}
