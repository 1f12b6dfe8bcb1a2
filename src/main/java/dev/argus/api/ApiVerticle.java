package dev.argus.api;

import dev.argus.auth.Role;
import dev.argus.bus.ArgusException;
import dev.argus.bus.Bus;
import dev.argus.bus.ErrorCode;
import dev.argus.config.ServerConfig;
import dev.argus.config.ServerConfig.TlsConfig;
import dev.argus.control.Layout;
import dev.argus.store.Statement;
import dev.argus.store.StoreCommand;
import dev.argus.tls.ServerCertificate;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.healthchecks.HealthChecks;
import io.vertx.ext.healthchecks.Status;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.StaticHandler;
import io.vertx.ext.web.healthchecks.HealthCheckHandler;
import java.time.Clock;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP server. */
public final class ApiVerticle extends VerticleBase {
    private static final Logger log = LoggerFactory.getLogger(ApiVerticle.class);
    private static final long LONGEST_BODY = 1 << 20;
    private static final int IDLE_SECONDS = 60;
    private static final int LONGEST_HEADERS = 16 * 1024;
    private static final int READERS = 8;

    private final Future<Contract> contract;
    private final Bus bus;
    private final Clock clock;
    private final ServerConfig config;
    private final Layout layout;
    private final String version;
    private final String warning;
    private final ClientAddress addresses;

    @SuppressWarnings("NullAway.Init")
    private HttpServer server;

    @SuppressWarnings("NullAway.Init")
    private WorkerExecutor readers;

    @SuppressWarnings("NullAway.Init")
    private LogRoutes logs;

    @SuppressWarnings("NullAway.Init")
    private HostNames names;

    /**
     * A server that will listen where {@code config} says; begins at once to read the contract, which takes longest.
     *
     * @param warning a sentence that goes with every answer, for whoever asks is to know; empty when all is well
     */
    public ApiVerticle(
            Vertx vertx, Bus bus, Clock clock, ServerConfig config, Layout layout, String version, String warning) {
        this.contract = vertx.executeBlocking(Contract::load).map(Objects::requireNonNull);
        this.bus = bus;
        this.clock = clock;
        this.config = config;
        this.layout = layout;
        this.version = version;
        this.warning = warning;
        this.addresses = new ClientAddress(config.entrance().trustedProxies());
    }

    @Override
    public Future<?> start() {
        readers = vertx.createSharedWorkerExecutor("argus-logs", READERS);
        var hub = new EventHub(clock);
        bus.subscribe(hub::accept);
        var options = new HttpServerOptions()
                .setHost(config.host())
                .setPort(config.port())
                .setIdleTimeout(IDLE_SECONDS)
                .setIdleTimeoutUnit(TimeUnit.SECONDS)
                .setMaxHeaderSize(LONGEST_HEADERS)
                .setCompressionSupported(true);
        return Future.all(contract, certificate(), machine())
                .compose(read -> vertx.createHttpServer(secured(options, read.<@Nullable ServerCertificate>resultAt(1)))
                        .connectionHandler(new OpenConnections(addresses)::opened)
                        .requestHandler(router(contract.result(), hub))
                        .listen()
                        .onSuccess(listening -> listens(listening, read.<@Nullable ServerCertificate>resultAt(1))))
                .recover(failure -> Future.failedFuture(cannotListen(failure)));
    }

    private Future<HostNames> machine() {
        return vertx.executeBlocking(() ->
                        HostNames.ofThisMachine(config.host(), config.entrance().hostNames()))
                .map(Objects::requireNonNull)
                .onSuccess(known -> names = known);
    }

    private Future<@Nullable ServerCertificate> certificate() {
        TlsConfig files = config.entrance().tls();
        return files == null
                ? Future.succeededFuture(null)
                : vertx.executeBlocking(() -> ServerCertificate.read(files, vertx));
    }

    private static HttpServerOptions secured(HttpServerOptions options, @Nullable ServerCertificate certificate) {
        return certificate == null ? options : options.setSsl(true).setKeyCertOptions(certificate.options());
    }

    private void listens(HttpServer listening, @Nullable ServerCertificate certificate) {
        server = listening;
        TlsConfig files = config.entrance().tls();
        if (files != null && certificate != null) {
            names.certificate(certificate);
            new CertificateWatch(vertx, clock, files, listening, certificate, names::certificate).begin();
        }
    }

    private Throwable cannotListen(Throwable failure) {
        // the native transport says so by an exception of its own
        return failure instanceof java.io.IOException
                ? new ArgusException(
                        ErrorCode.UNAVAILABLE,
                        "Argus cannot listen on " + config.host() + ":" + config.port() + " (" + failure.getMessage()
                                + "); stop what listens there or choose another port with --port.")
                : failure;
    }

    /** Where it listens. */
    public int port() {
        return server.actualPort();
    }

    @Override
    public Future<?> stop() {
        logs.close();
        return readers.close();
    }

    private Router router(Contract loaded, EventHub hub) {
        var gate = new Gate(bus);
        var audit = new Audit(bus, clock);
        Router root = Router.router(vertx);
        root.route()
                .handler(addresses::note)
                .handler(new AccessLog())
                .handler(ApiVerticle::secureHeaders)
                .handler(new HostCheck(names));
        root.route("/api/*").handler(ApiVerticle::uncompressed).handler(this::warn);
        root.route("/api/v1/*").handler(BodyHandler.create(false).setBodyLimit(LONGEST_BODY));
        root.route("/api/v1/*").subRouter(api(loaded, gate, audit, hub));
        read(root, "/isalive")
                .handler(context -> context.response()
                        .putHeader("Content-Type", "text/plain")
                        .end("ok version " + version + "\n"));
        read(root, "/healthz").handler(HealthCheckHandler.createWithHealthChecks(healthChecks()));
        read(root, "/metrics").handler(context -> metrics(context, gate));
        read(root, "/openapi.yaml")
                .handler(context -> context.response()
                        .putHeader("Content-Type", "application/yaml")
                        .end(loaded.yaml()));
        PageLibraries.NAMES.forEach(name -> read(root, "/lib/" + name + "/*")
                .handler(StaticHandler.create(PageLibraries.folder(name)).setCachingEnabled(false)));
        // below /api a method that is not taken is to be told as such, not as a missing file
        root.routeWithRegex("/(?!api/).*")
                .method(HttpMethod.GET)
                .method(HttpMethod.HEAD)
                .handler(StaticHandler.create("webroot").setIncludeHidden(false).setCachingEnabled(false));
        problems(root);
        return root;
    }

    /** What can be got can be asked for without its body. */
    private static Route read(Router router, String path) {
        return router.route(path).method(HttpMethod.GET).method(HttpMethod.HEAD);
    }

    private Router api(Contract loaded, Gate gate, Audit audit, EventHub hub) {
        Router api = Router.router(vertx);
        var operations = new Operations(loaded, api, gate, audit);
        new SessionRoutes(bus, clock).bind(operations);
        new ServiceRoutes(bus, config).bind(operations);
        new RefRoutes(bus, config).bind(operations);
        new HistoryRoutes(bus, clock, config).bind(operations);
        var streams = new OpenStreams(vertx, bus);
        logs = new LogRoutes(vertx, bus, clock, layout, readers, streams);
        logs.bind(operations);
        new DeploymentRoutes(streams, bus, hub).bind(operations);
        var node = new NodeRoutes(bus, version);
        node.bind(operations);
        new MetricsRoutes(bus, clock, node).bind(operations);
        new AccountRoutes(bus).bind(operations);
        operations.requireAllBound();
        return api;
    }

    private static void secureHeaders(RoutingContext context) {
        context.response()
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("X-Frame-Options", "DENY")
                .putHeader(
                        "Content-Security-Policy",
                        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'");
        context.next();
    }

    /** Events must not wait for each other in a buffer, and the length of an answer is to tell nothing of a secret in it. */
    private static void uncompressed(RoutingContext context) {
        context.response().putHeader(HttpHeaders.CONTENT_ENCODING, HttpHeaders.IDENTITY);
        context.next();
    }

    private void warn(RoutingContext context) {
        if (!warning.isEmpty()) {
            context.response().putHeader("Argus-Warning", warning);
        }
        context.next();
    }

    private HealthChecks healthChecks() {
        var checks = HealthChecks.create(vertx);
        checks.register(
                "store",
                promise -> bus.request(new StoreCommand.Read(Statement.of("SELECT 1")))
                        .onComplete(read -> promise.complete(read.succeeded() ? Status.OK() : Status.KO())));
        return checks;
    }

    /** Open to this machine; from elsewhere a token is needed, and who shows one is held to it. */
    private void metrics(RoutingContext context, Gate gate) {
        boolean local = context.request().remoteAddress().hostAddress().startsWith("127.")
                && context.request().getHeader("Authorization") == null
                && context.request().getHeader("X-Forwarded-For") == null;
        Future<?> allowed = local
                ? Future.succeededFuture()
                : gate.authenticate(context)
                        .compose(actor -> actor.role().covers(Role.VIEWER) && actor.services() == null
                                ? Future.succeededFuture()
                                : Future.failedFuture(new ArgusException(
                                        ErrorCode.FORBIDDEN, "This token is limited to some services.")));
        allowed.compose(ok -> new Metrics(bus).text())
                .onSuccess(text -> context.response()
                        .putHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
                        .end(text))
                .onFailure(failure -> Problem.send(context, failure));
    }

    private static void problems(Router root) {
        root.errorHandler(
                400,
                context -> Problem.of(ArgusException.invalid(
                                "request", "The request is malformed; see /openapi.yaml for what is expected."))
                        .send(context));
        root.errorHandler(
                404,
                context -> Problem.of(ArgusException.notFound(
                                "There is nothing at this address; see /openapi.yaml for what there is."))
                        .send(context));
        root.errorHandler(
                405,
                context -> Problem.methodNotAllowed(context.request().method().name())
                        .send(context));
        root.errorHandler(413, context -> Problem.tooLarge().send(context));
        root.errorHandler(500, context -> {
            Throwable failure = context.failure();
            if (failure == null) {
                log.error("a request failed with {}", context.statusCode());
                failure = new IllegalStateException("no cause was given");
            }
            Problem.send(context, failure);
        });
    }
}
