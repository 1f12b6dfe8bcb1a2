package dev.argus.service.manifest;

import dev.argus.service.InvalidValue;
import dev.argus.service.ProbeSettings;
import dev.argus.service.RunPlan;
import dev.argus.service.ServiceName;
import dev.argus.service.ServiceSpec;
import dev.argus.service.SpecCodec;
import dev.argus.service.StrictJson;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Answers how a release is built and run. For each field by itself the first of these counts: the deploy request,
 * {@code argus.json}, {@code Procfile}, {@code script.sh}, what the files show, the default.
 */
public final class PlanResolver {
    private static final String MANIFEST = "argus.json";
    private static final String REQUEST = "deploy request";

    private final ProbeSettings probeDefaults;

    /** A resolver; {@code probeDefaults} hold where neither request nor repository say how to ask for life. */
    public PlanResolver(ProbeSettings probeDefaults) {
        this.probeDefaults = probeDefaults;
    }

    /**
     * The plan for the release that is checked out in {@code checkout}. Reads only files there and follows no links; writes
     * nothing but, for an old Go repository that vendors what it imports, a {@code go.mod}.
     *
     * @throws InvalidValue naming the field and, where it stands in a file, the file
     */
    public RunPlan resolve(ServiceName service, ServiceSpec request, Path checkout) {
        var files = new RepositoryFiles(checkout);
        ServiceSpec manifest = manifest(files);
        ServiceSpec spec = request.orElse(manifest);
        var commands =
                new CommandResolver(service, spec, files, checkout, spec.start() == null ? "" : kind(request.start()));
        Commands resolved = commands.resolve();
        Map<String, String> origins = origins(request, manifest);
        origins.put(
                "build",
                request.build() != null || manifest.build() != null
                        ? origin(request.build(), manifest.build())
                        : resolved.buildOrigin());
        origins.put("start", spec.start() != null ? origin(request.start(), manifest.start()) : resolved.startOrigin());
        origins.put("stop", spec.stop() != null ? origin(request.stop(), manifest.stop()) : resolved.stopOrigin());
        return new RunPlan(
                resolved.kind(),
                resolved.build(),
                resolved.starts().getFirst(),
                resolved.starts().subList(1, resolved.starts().size()),
                resolved.detaches(),
                resolved.stop(),
                spec.port(),
                spec.instances() == null ? 1 : spec.instances(),
                probeDefaults.with(spec.isalive()),
                spec.env(),
                spec.resources(),
                spec.hosts(),
                spec.data(),
                spec.stopTimeout() == null ? RunPlan.DEFAULT_STOP_TIMEOUT : spec.stopTimeout(),
                origins);
    }

    private static String kind(@Nullable String requested) {
        return requested != null ? "request" : "manifest";
    }

    private static ServiceSpec manifest(RepositoryFiles files) {
        byte[] bytes = files.bytes(MANIFEST).orElse(null);
        if (bytes == null) {
            return ServiceSpec.NONE;
        }
        var json = StrictJson.object(MANIFEST, bytes);
        try {
            return SpecCodec.decode(json, Set.of("$schema"));
        } catch (InvalidValue e) {
            throw e.in(MANIFEST);
        }
    }

    private static String origin(@Nullable Object requested, @Nullable Object inManifest) {
        return requested != null ? REQUEST : inManifest != null ? MANIFEST : "default";
    }

    private static Map<String, String> origins(ServiceSpec request, ServiceSpec manifest) {
        var origins = new HashMap<String, String>();
        var requested = SpecCodec.encode(request).fieldNames();
        var inManifest = SpecCodec.encode(manifest).fieldNames();
        for (String key : new HashSet<>(SpecCodec.KEYS)) {
            boolean asked = requested.contains(key);
            boolean written = inManifest.contains(key);
            boolean merged =
                    asked && written && Set.of("env", "isalive", "resources").contains(key);
            origins.put(key, merged ? REQUEST + " over " + MANIFEST : asked ? REQUEST : written ? MANIFEST : "default");
        }
        return origins;
    }
}
