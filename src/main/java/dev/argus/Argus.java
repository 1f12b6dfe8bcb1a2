package dev.argus;

import dev.argus.api.ApiVerticle;
import dev.argus.audit.AuditVerticle;
import dev.argus.auth.AuthVerticle;
import dev.argus.bus.ArgusException;
import dev.argus.bus.Bus;
import dev.argus.bus.ErrorCode;
import dev.argus.config.ServerConfig;
import dev.argus.control.Layout;
import dev.argus.control.ProcessVerticle;
import dev.argus.deploy.Checkpoint;
import dev.argus.deploy.DeployVerticle;
import dev.argus.history.HistoryVerticle;
import dev.argus.instance.InstanceCommand;
import dev.argus.instance.InstanceVerticle;
import dev.argus.metrics.MetricsVerticle;
import dev.argus.node.NodeVerticle;
import dev.argus.probe.ProbeVerticle;
import dev.argus.service.CatalogVerticle;
import dev.argus.service.SecretBox;
import dev.argus.store.DataDirectory;
import dev.argus.store.Database;
import dev.argus.store.NodeIdentity;
import dev.argus.store.StoreVerticle;
import dev.argus.systemd.Systemd;
import dev.argus.systemd.SystemdVerticle;
import dev.argus.traffic.AddressLimit;
import dev.argus.traffic.TrafficSwitch;
import dev.argus.traffic.TrafficVerticle;
import dev.argus.traffic.haproxy.HaproxySettings;
import dev.argus.traffic.haproxy.HaproxySwitch;
import dev.argus.traffic.proxy.EmbeddedSwitch;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One running server: the verticles in their order, and their end in reverse. */
public final class Argus implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Argus.class);
    private static final long START_WITHIN_SECONDS = 60;
    private static final long STOP_WITHIN_SECONDS = 90;

    private final DataDirectory dataDirectory;
    private final Vertx vertx;
    private static final String READ_ONLY =
            "The disk of Argus's data is mounted read-only: services are watched and reached, and nothing can be changed;"
                    + " mount it for writing and restart Argus.";

    private final Bus bus;
    private final Deque<String> deployed = new ArrayDeque<>();
    private final ApiVerticle api;
    private boolean servicesStopped;

    private Argus(ServerConfig config, DataDirectory dataDirectory, Database database, Checkpoint checkpoint) {
        this.dataDirectory = dataDirectory;
        var layout = new Layout(dataDirectory.path());
        var clock = Clock.systemUTC();
        dataDirectory.removeLeftovers("cache", "vertx-");
        vertx = Vertx.builder()
                .with(new VertxOptions()
                        .setPreferNativeTransport(true)
                        .setEventLoopPoolSize(2)
                        // the dashboard's files are unpacked there when first asked for
                        .setFileSystemOptions(new FileSystemOptions()
                                .setFileCacheDir(cacheIn(dataDirectory).toString())))
                .build();
        bus = Bus.install(vertx);
        String warning = dataDirectory.isReadOnly() ? READ_ONLY : "";
        if (!warning.isEmpty()) {
            log.warn("{}", warning);
        }
        api = new ApiVerticle(vertx, bus, clock, config, layout, Version.TEXT, warning);
        var keys = dataDirectory.directory("keys");
        try {
            // linking the calls of the C library takes a tenth of a second, in which the others can start
            Future<String> processes =
                    begin(new ProcessVerticle(bus, layout, config.portRange()), ThreadingModel.EVENT_LOOP);
            deploy(new StoreVerticle(bus, database), ThreadingModel.WORKER);
            deploy(new AuditVerticle(bus, clock, Version.TEXT), ThreadingModel.EVENT_LOOP);
            deploy(new AuthVerticle(bus, clock, keys, NodeIdentity.of(database)), ThreadingModel.EVENT_LOOP);
            deploy(new CatalogVerticle(bus, clock, SecretBox.in(keys)), ThreadingModel.EVENT_LOOP);
            deploy(new HistoryVerticle(bus, clock), ThreadingModel.EVENT_LOOP);
            deploy(new NodeVerticle(bus, dataDirectory.path()), ThreadingModel.WORKER);
            deploy(new ProbeVerticle(bus), ThreadingModel.EVENT_LOOP);
            deployed.push(await(processes, START_WITHIN_SECONDS));
            deploy(
                    new InstanceVerticle(
                            bus, clock, RandomGenerator.getDefault(), () -> Files.isWritable(dataDirectory.path())),
                    ThreadingModel.EVENT_LOOP);
            deploy(
                    new TrafficVerticle(bus, config.proxy().domain(), owner -> proxy(owner, config)),
                    ThreadingModel.EVENT_LOOP);
            deploy(new MetricsVerticle(bus, clock), ThreadingModel.WORKER);
            deploy(new DeployVerticle(bus, clock, config, layout, checkpoint), ThreadingModel.EVENT_LOOP);
            deploy(api, ThreadingModel.EVENT_LOOP);
            // the last to start and the first to stop, so that systemd is told what is so
            var systemd = Systemd.in(System.getenv(), ProcessHandle.current().pid());
            if (systemd.isPresent()) {
                deploy(new SystemdVerticle(bus, systemd.get()), ThreadingModel.EVENT_LOOP);
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Where nothing can be written, somewhere else: the page is wanted most of all when something is wrong. */
    private static Path cacheIn(DataDirectory dataDirectory) {
        return dataDirectory.isReadOnly()
                ? Path.of(System.getProperty("java.io.tmpdir")).resolve("argus-vertx")
                : dataDirectory.directory("cache/vertx");
    }

    private TrafficSwitch proxy(Vertx owner, ServerConfig config) {
        var proxy = config.proxy();
        var byAddress = AddressLimit.besides(config.entrance().trustedProxies());
        if (proxy.kind().equals("embedded")) {
            // one of an earlier configuration holds the port
            HaproxySwitch.end(haproxyDirectory());
            return new EmbeddedSwitch(owner, proxy.host(), proxy.httpPort(), byAddress);
        }
        var settings = HaproxySettings.on(proxy.host(), proxy.httpPort(), byAddress);
        var elsewhere = proxy.haproxy();
        if (elsewhere == null) {
            return new HaproxySwitch(owner, settings, haproxyDirectory());
        }
        HaproxySwitch.end(haproxyDirectory());
        return new HaproxySwitch(
                owner,
                settings.elsewhere(elsewhere.masterSocket().toAbsolutePath(), elsewhere.reload()),
                elsewhere.directory());
    }

    private Path haproxyDirectory() {
        return dataDirectory.path().resolve("haproxy");
    }

    /**
     * Starts a server; returns when it accepts requests.
     *
     * @throws ArgusException with one sentence why it cannot start
     */
    public static Argus start(ServerConfig config) {
        return start(config, Checkpoint.NONE);
    }

    /**
     * Starts a server whose deployments can be held and broken.
     *
     * @param checkpoint which every deployment passes
     * @throws ArgusException with one sentence why it cannot start
     */
    public static Argus start(ServerConfig config, Checkpoint checkpoint) {
        config.refusal().ifPresent(sentence -> {
            throw new ArgusException(ErrorCode.INVALID, sentence);
        });
        DataDirectory dataDirectory = DataDirectory.lock(config.dataDirectory());
        try {
            return new Argus(config, dataDirectory, Database.open(dataDirectory.path()), checkpoint);
        } catch (RuntimeException e) {
            dataDirectory.close();
            throw e;
        }
    }

    private void deploy(Deployable verticle, ThreadingModel model) {
        long begun = System.nanoTime();
        deployed.push(await(begin(verticle, model), START_WITHIN_SECONDS));
        log.debug(
                "{} started in {} ms",
                verticle.getClass().getSimpleName(),
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
    }

    private Future<String> begin(Deployable verticle, ThreadingModel model) {
        var options = new DeploymentOptions().setThreadingModel(model);
        if (model == ThreadingModel.WORKER) {
            // one pool each: whoever is slow keeps nobody else waiting
            options.setWorkerPoolName("argus-" + verticle.getClass().getSimpleName())
                    .setWorkerPoolSize(1);
        }
        return vertx.deployVerticle(verticle, options);
    }

    /** The port it listens on. */
    public int port() {
        return api.port();
    }

    /** Stops all services too; they are wanted as before and start with the next Argus. */
    public void stopServices() {
        var running = await(bus.request(new InstanceCommand.ListInstances(null)), STOP_WITHIN_SECONDS);
        List<String> ids = running.stream().map(dev.argus.instance.Instance::id).toList();
        await(bus.request(new InstanceCommand.Halt(ids, "stopped together with Argus")), STOP_WITHIN_SECONDS);
        servicesStopped = true;
    }

    private static <T> T await(Future<T> future, long seconds) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(seconds, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException known) {
                throw known;
            }
            throw new ArgusException(ErrorCode.INTERNAL, "Argus cannot start or stop: " + e.getCause());
        } catch (TimeoutException e) {
            throw new ArgusException(ErrorCode.INTERNAL, "Argus did not start or stop within " + seconds + " s.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ArgusException(ErrorCode.INTERNAL, "Argus was interrupted.");
        }
    }

    /** Ends the server and leaves the services running. */
    @Override
    public void close() {
        for (String id : deployed) {
            try {
                await(vertx.undeploy(id), STOP_WITHIN_SECONDS);
            } catch (ArgusException e) {
                log.warn("a part of Argus did not stop: {}", e.getMessage());
            }
        }
        deployed.clear();
        await(vertx.close(), STOP_WITHIN_SECONDS);
        if (servicesStopped) {
            HaproxySwitch.end(haproxyDirectory());
        }
        dataDirectory.close();
    }
}
