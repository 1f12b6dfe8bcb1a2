package dev.argus.api;

import dev.argus.bus.Bus;
import dev.argus.control.ProcessCommand;
import dev.argus.deploy.DeployCommand;
import dev.argus.deploy.Deployment;
import dev.argus.instance.Health;
import dev.argus.instance.Instance;
import dev.argus.instance.InstanceCommand;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.vertx.core.Future;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The figures for Prometheus, taken when they are asked for. */
final class Metrics {
    private final Bus bus;

    Metrics(Bus bus) {
        this.bus = bus;
    }

    Future<String> text() {
        Future<List<Instance>> instances = bus.request(new InstanceCommand.ListInstances(null));
        Future<List<ProcessCommand.Usage>> usages = bus.request(new InstanceCommand.Usages(null));
        Future<Map<String, Deployment>> newest = bus.request(new DeployCommand.Newest());
        return Future.all(instances, usages, newest)
                .map(all -> format(instances.result(), usages.result(), newest.result()));
    }

    private static String format(
            List<Instance> instances, List<ProcessCommand.Usage> usages, Map<String, Deployment> newest) {
        var snapshots = new MetricSnapshots(
                perInstance(
                        "argus_instance_up",
                        "1 when the instance is healthy",
                        instances,
                        instance -> instance.health() == Health.HEALTHY ? 1 : 0),
                perInstance("argus_instance_restarts", "How often it was started again", instances, Instance::restarts),
                usage("argus_instance_resident_bytes", "Resident memory", usages, ProcessCommand.Usage::rssBytes),
                usage("argus_instance_cpu_percent", "Of one core", usages, ProcessCommand.Usage::cpuPercent),
                deploying(newest),
                memory());
        var out = new ByteArrayOutputStream();
        try {
            PrometheusTextFormatWriter.create().write(out, snapshots);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private static GaugeSnapshot perInstance(
            String name, String help, List<Instance> instances, ToDoubleFunction<Instance> value) {
        var gauge = GaugeSnapshot.builder().name(name).help(help);
        instances.forEach(instance -> gauge.dataPoint(GaugeDataPointSnapshot.builder()
                .labels(Labels.of("service", instance.service(), "instance", instance.id()))
                .value(value.applyAsDouble(instance))
                .build()));
        return gauge.build();
    }

    private static GaugeSnapshot usage(
            String name, String help, List<ProcessCommand.Usage> usages, ToDoubleFunction<ProcessCommand.Usage> value) {
        var gauge = GaugeSnapshot.builder().name(name).help(help);
        usages.forEach(usage -> gauge.dataPoint(GaugeDataPointSnapshot.builder()
                .labels(Labels.of("instance", usage.id()))
                .value(value.applyAsDouble(usage))
                .build()));
        return gauge.build();
    }

    private static GaugeSnapshot deploying(Map<String, Deployment> newest) {
        return single("argus_deployments_in_flight", "Deployments that wait or run", (double)
                newest.values().stream().filter(Deployment::isInFlight).count());
    }

    private static GaugeSnapshot memory() {
        Runtime runtime = Runtime.getRuntime();
        return single("argus_heap_used_bytes", "Heap of Argus itself", (double)
                (runtime.totalMemory() - runtime.freeMemory()));
    }

    private static GaugeSnapshot single(String name, String help, double value) {
        return GaugeSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(GaugeDataPointSnapshot.builder().value(value).build())
                .build();
    }
}
