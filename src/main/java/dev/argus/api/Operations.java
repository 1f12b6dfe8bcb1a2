package dev.argus.api;

import dev.argus.bus.ArgusException;
import io.vertx.core.Future;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Binds operations of the contract to the code that does them. Each passes the {@link Gate} first, with the role that the contract
 * names, and is only then held against the contract; an operation that the contract does not have, or that nobody has bound,
 * stops the start.
 */
final class Operations {
    private final Map<String, Contract.Operation> contract = new HashMap<>();
    private final Router router;
    private final Gate gate;
    private final RequestCheck check = new RequestCheck();
    private final Audit audit;
    private final Set<String> bound = new HashSet<>();

    Operations(Contract contract, Router router, Gate gate, Audit audit) {
        contract.operations().forEach(operation -> this.contract.put(operation.id(), operation));
        this.router = router;
        this.gate = gate;
        this.audit = audit;
    }

    /** What does an operation: answers by itself; the future fails with what is to be answered instead. */
    interface Action extends Function<RoutingContext, Future<?>> {}

    void on(String id, Action action) {
        Contract.Operation operation = contract.get(id);
        if (operation == null || !bound.add(id)) {
            throw new IllegalStateException("the contract has no operation " + id + ", or it is bound already");
        }
        Route route = router.route(
                operation.method(), operation.path().replace('{', ':').replace("}", ""));
        // validated only behind the gate: whoever may not know of a service learns nothing from an error either
        route.handler(context -> audit.follow(context, id));
        operation.role().ifPresent(needed -> route.handler(context -> gate.require(needed, context)));
        route.handler(context -> run(context, operation, action));
    }

    private void run(RoutingContext context, Contract.Operation operation, Action action) {
        Future<?> done;
        try {
            check.check(context, operation);
            done = action.apply(context);
        } catch (RuntimeException e) {
            done = Future.failedFuture(e);
        }
        done.onFailure(failure -> Problem.send(context, failure));
    }

    /** To be called when all are bound. */
    void requireAllBound() {
        for (String id : contract.keySet()) {
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

    /** The value of a whole-number parameter of the query, {@code usual} where it is absent. */
    static int number(RoutingContext context, String name, int usual) {
        String text = context.request().getParam(name);
        try {
            return text == null ? usual : Integer.parseInt(text);
        } catch (NumberFormatException notWhole) {
            // JSON's 1e1 and 5.0 are whole numbers to the contract
            throw ArgusException.invalid(name, "The " + name + " must be a whole number, written in digits.");
        }
    }
}
