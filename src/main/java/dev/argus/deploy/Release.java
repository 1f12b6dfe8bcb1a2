package dev.argus.deploy;

import dev.argus.service.RunPlan;
import java.time.Instant;

/**
 * The immutable output of a build.
 *
 * @param subject the first line of what the commit says
 * @param by who asked for it; empty when it was built before that was kept
 */
public record Release(
        String service, int number, String revision, String subject, String by, Instant builtAt, RunPlan plan) {}
