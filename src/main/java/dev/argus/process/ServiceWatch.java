package dev.argus.process;

import java.util.Optional;

/** Follows one service to its end, through its shim as long as that lives, else by the service's own process. */
final class ServiceWatch {
    private final ExitWatcher watcher;
    private final RunDirectory run;
    private final ExitListener listener;

    private ServiceWatch(ExitWatcher watcher, RunDirectory run, ExitListener listener) {
        this.watcher = watcher;
        this.run = run;
        this.listener = listener;
    }

    /** @param child whether nobody else reaps this shim */
    static void launched(
            ExitWatcher watcher, RunDirectory run, ProcessIdentity shim, boolean child, ExitListener listener) {
        var watch = new ServiceWatch(watcher, run, listener);
        watcher.watch(
                shim,
                () -> watch.shimEnded(
                        shim.bootId(), child ? Libc.reap(shim.pid()).map(Exit::ofWait) : Optional.empty()));
    }

    static void adopted(ExitWatcher watcher, Adopted.Running running, ExitListener listener) {
        var watch = new ServiceWatch(watcher, running.run(), listener);
        running.shim()
                .ifPresentOrElse(
                        shim -> watcher.watch(shim, () -> watch.shimEnded(shim.bootId(), Optional.empty())),
                        () -> watch.followService(running.service().orElseThrow()));
    }

    private void shimEnded(String bootId, Optional<Exit> ofShim) {
        Optional<Exit> recorded = run.exit();
        if (recorded.isPresent()) {
            listener.exited(recorded.get());
            return;
        }
        Optional<ProcessIdentity> service = run.service(bootId).filter(ProcessIdentity::isAlive);
        if (service.isPresent()) {
            listener.shimLost(service.get());
            followService(service.get());
        } else {
            listener.exited(ofShim.orElseGet(Exit.Unknown::new));
        }
    }

    private void followService(ProcessIdentity service) {
        watcher.watch(service, () -> listener.exited(new Exit.Unknown()));
    }
}
