package dev.argus.api;

import dev.argus.bus.ArgusException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.RequestExtractor;
import io.vertx.json.schema.OutputUnit;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.validation.RequestValidator;
import io.vertx.openapi.validation.SchemaValidationException;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Holds requests against the contract, and says in words for people, naming the field, what does not fit. */
final class RequestCheck {
    private static final Pattern UNKNOWN_PROPERTY =
            Pattern.compile("Property \"(.*)\" does not match additional properties.*");
    private static final Pattern MISSING_PROPERTY = Pattern.compile(".*required property \"(.*)\".*");

    private final OpenAPIContract contract;
    private final RequestValidator validator;
    private final RequestExtractor extractor = RequestExtractor.withBodyHandler();

    RequestCheck(Vertx vertx, OpenAPIContract contract) {
        this.contract = contract;
        this.validator = RequestValidator.create(vertx, contract);
    }

    /** Fails with an {@link ArgusException} when the request does not fit the operation. */
    Future<?> check(RoutingContext context, String operationId) {
        Operation operation = Objects.requireNonNull(contract.operation(operationId));
        return extractor
                .extractValidatableRequest(context, operation)
                .compose(request -> validator.validate(request, operationId))
                .recover(failure -> Future.failedFuture(translate(failure)));
    }

    private static ArgusException translate(Throwable failure) {
        if (failure instanceof SchemaValidationException schema && schema.getOutputUnit() != null) {
            return translate(schema.getOutputUnit(), String.valueOf(failure.getMessage()));
        }
        return ArgusException.invalid("body", sentence(String.valueOf(failure.getMessage())));
    }

    /** The deepest error is the one that names the field. */
    private static ArgusException translate(OutputUnit unit, String otherwise) {
        List<OutputUnit> errors = unit.getErrors();
        if (errors == null || errors.isEmpty()) {
            return ArgusException.invalid("body", sentence(otherwise));
        }
        OutputUnit deepest = errors.getFirst();
        for (OutputUnit error : errors) {
            if (depth(error) > depth(deepest)) {
                deepest = error;
            }
        }
        String text = String.valueOf(deepest.getError());
        String at = field(deepest);
        Matcher unknown = UNKNOWN_PROPERTY.matcher(text);
        if (unknown.matches()) {
            String name = join(at, unknown.group(1));
            return ArgusException.invalid(name, "The field " + name + " is not known here.");
        }
        Matcher missing = MISSING_PROPERTY.matcher(text);
        if (missing.matches()) {
            String name = join(at, missing.group(1));
            return ArgusException.invalid(name, "The field " + name + " is missing.");
        }
        return ArgusException.invalid(
                at.isEmpty() ? "body" : at,
                "The " + (at.isEmpty() ? "body" : "field " + at) + " does not fit: " + sentence(text));
    }

    private static int depth(OutputUnit unit) {
        String at = unit.getInstanceLocation();
        return at == null ? 0 : at.split("/", -1).length;
    }

    private static String field(OutputUnit unit) {
        String at = unit.getInstanceLocation();
        if (at == null) {
            return "";
        }
        String path = at.startsWith("#") ? at.substring(1) : at;
        return path.startsWith("/") ? path.substring(1).replace('/', '.') : path;
    }

    private static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private static String sentence(String text) {
        return text.endsWith(".") ? text : text + ".";
    }
}
