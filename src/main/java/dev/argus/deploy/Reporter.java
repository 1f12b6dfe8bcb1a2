package dev.argus.deploy;

import dev.argus.bus.Bus;
import io.vertx.core.Context;
import org.jspecify.annotations.Nullable;

/** Brings what a deployment tells from its thread to the event loop of those who keep it. */
final class Reporter implements Progress {
    private final Context context;
    private final Bus bus;
    private final Ledger ledger;
    private final Lanes lanes;
    private final Running running;

    Reporter(Context context, Bus bus, Ledger ledger, Lanes lanes, Running running) {
        this.context = context;
        this.bus = bus;
        this.ledger = ledger;
        this.lanes = lanes;
        this.running = running;
    }

    @Override
    public void changed(Deployment deployment, @Nullable Step step) {
        context.runOnContext(now -> {
            if (deployment.isInFlight()) {
                lanes.changed(running, deployment, step);
            } else {
                lanes.end(running, deployment);
            }
        });
    }

    @Override
    public void left() {
        context.runOnContext(now -> lanes.left(running));
    }

    @Override
    public void output(Deployment deployment, String line) {
        bus.publish(new DeployEvent.Output(deployment.service(), deployment.id(), line));
    }

    @Override
    public void built(Release release) {
        context.runOnContext(now -> ledger.built(release));
    }

    @Override
    public void pruned(String service, int number) {
        context.runOnContext(now -> ledger.pruned(service, number));
    }
}
