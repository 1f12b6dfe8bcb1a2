package dev.argus.node;

import dev.argus.bus.Bus;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import oshi.SystemInfo;
import oshi.hardware.CentralProcessor;
import oshi.hardware.HardwareAbstractionLayer;

/** Measures the machine; a worker, because that reads files. OSHI, which knows most, is loaded when first asked for: it is large. */
public final class NodeVerticle extends VerticleBase {
    private static final long SHORTEST_SAMPLE_NANOS = 200_000_000;

    private final Bus bus;
    private final Path dataDirectory;
    private @Nullable Probe probe;

    /** Measures the machine and the disk of {@code dataDirectory}. */
    public NodeVerticle(Bus bus, Path dataDirectory) {
        this.bus = bus;
        this.dataDirectory = dataDirectory;
    }

    @Override
    public Future<?> start() {
        bus.<NodeCommand<?>>serve(NodeCommand.ADDRESS, command -> switch (command) {
            case NodeCommand.Stats _ -> Future.succeededFuture(stats());
            case NodeCommand.Sample _ -> Future.succeededFuture(sample());
        });
        return Future.succeededFuture();
    }

    private NodeSample sample() {
        try {
            return MachineFiles.sample(dataDirectory);
        } catch (IOException e) {
            throw new UncheckedIOException("the machine cannot be measured", e);
        }
    }

    private NodeStats stats() {
        Probe measuring = probe;
        if (measuring == null) {
            measuring = new Probe();
            probe = measuring;
        }
        try {
            FileStore disk = Files.getFileStore(dataDirectory);
            var memory = measuring.hardware.getMemory();
            return new NodeStats(
                    measuring.name,
                    measuring.processor.getLogicalProcessorCount(),
                    measuring.processor.getSystemLoadAverage(1)[0],
                    measuring.cpuFree(),
                    memory.getTotal(),
                    memory.getAvailable(),
                    disk.getTotalSpace(),
                    disk.getUsableSpace());
        } catch (IOException e) {
            throw new UncheckedIOException("the disk of " + dataDirectory + " cannot be measured", e);
        }
    }

    private static final class Probe {
        private final HardwareAbstractionLayer hardware;
        private final CentralProcessor processor;
        private final String name;
        private long[] ticks;
        private long takenNanos;
        private double free;

        Probe() {
            var system = new SystemInfo();
            hardware = system.getHardware();
            processor = hardware.getProcessor();
            name = system.getOperatingSystem().getNetworkParams().getHostName();
            ticks = processor.getSystemCpuLoadTicks();
            takenNanos = System.nanoTime();
            free = Math.max(0, processor.getLogicalProcessorCount() - processor.getSystemLoadAverage(1)[0]);
        }

        /** Between two questions that come quickly one after the other the last figure stands. */
        double cpuFree() {
            long now = System.nanoTime();
            if (now - takenNanos >= SHORTEST_SAMPLE_NANOS) {
                double load = processor.getSystemCpuLoadBetweenTicks(ticks);
                ticks = processor.getSystemCpuLoadTicks();
                takenNanos = now;
                free = (1 - load) * processor.getLogicalProcessorCount();
            }
            return free;
        }
    }
}
