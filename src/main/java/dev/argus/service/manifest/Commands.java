package dev.argus.service.manifest;

import dev.argus.service.CommandLine;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The commands of a plan and in words where they came from; {@code starts} has the first choice first. */
record Commands(
        String kind,
        List<CommandLine> build,
        String buildOrigin,
        List<CommandLine> starts,
        String startOrigin,
        boolean detaches,
        @Nullable CommandLine stop,
        String stopOrigin) {}
