package dev.argus.api;

import dev.argus.auth.Role;
import dev.argus.bus.ArgusException;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.OpenAPIRoute;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Binds operations of the contract to the code that does them. Each passes the {@link Gate} first, with the role that the contract
 * names; an operation that the contract does not have, or that nobody has bound, stops the start.
 */
final class Operations {
    private final Contract contract;
    private final RouterBuilder router;
    private final Gate gate;
    private final RequestCheck check;
    private final Audit audit;
    private final Set<String> bound = new HashSet<>();

    Operations(Contract contract, RouterBuilder router, Gate gate, RequestCheck check, Audit audit) {
        this.contract = contract;
        this.router = router;
        this.gate = gate;
        this.check = check;
        this.audit = audit;
    }

    /** What does an operation: answers by itself; the future fails with what is to be answered instead. */
    interface Operation extends Function<RoutingContext, Future<?>> {}

    void on(String id, Operation operation) {
        Optional<Role> role = contract.roles().get(id);
        OpenAPIRoute route = router.getRoute(id);
        if (role == null || route == null) {
            throw new IllegalStateException("the contract has no operation " + id);
        }
        bound.add(id);
        // validated only behind the gate: whoever may not know of a service learns nothing from an error either
        route.setDoValidation(false);
        role.ifPresent(needed -> route.addHandler(context -> gate.require(needed, context)));
        route.addHandler(context -> {
            audit.follow(context, id);
            check.check(context, id)
                    .onSuccess(valid -> run(context, operation))
                    .onFailure(failure -> Problem.send(context, failure));
        });
    }

    private static void run(RoutingContext context, Operation operation) {
        Future<?> done;
        try {
            done = operation.apply(context);
        } catch (RuntimeException e) {
            done = Future.failedFuture(e);
        }
        done.onFailure(failure -> Problem.send(context, failure));
    }

    /** To be called when all are bound. */
    void requireAllBound() {
        for (String id : contract.roles().keySet()) {
            if (!bound.contains(id)) {
                throw new IllegalStateException("nothing does the operation " + id + " of the contract");
            }
        }
    }

    /** The value of a path parameter that the contract requires. */
    static String path(RoutingContext context, String name) {
        String value = context.pathParam(name);
        if (value == null) {
            throw ArgusException.invalid(name, "The " + name + " is missing in the address.");
        }
        return value;
    }
}
