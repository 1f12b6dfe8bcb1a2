package dev.argus.deploy;

import dev.argus.service.RunPlan;
import java.time.Instant;

/** The immutable output of a build. */
public record Release(String service, int number, String revision, String subject, Instant builtAt, RunPlan plan) {}
