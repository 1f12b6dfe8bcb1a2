package dev.argus.api;

import dev.argus.bus.ArgusException;
import dev.argus.service.InvalidValue;
import dev.argus.service.Shown;
import dev.argus.service.StrictJson;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.Validator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Holds requests against the contract, and says in words for people, naming the field, what does not fit. */
final class RequestCheck {
    private static final Pattern UNKNOWN_PROPERTY =
            Pattern.compile("Property \"(.*)\" does not match additional properties.*");
    private static final Pattern JSON = Pattern.compile("application/json\\s*(;.*)?", Pattern.CASE_INSENSITIVE);
    private static final Pattern MISSING_PROPERTY = Pattern.compile(".*required property \"(.*)\".*");
    private static final JsonSchemaOptions OPTIONS = new JsonSchemaOptions()
            .setBaseUri("app://argus")
            .setDraft(Draft.DRAFT202012)
            .setOutputFormat(OutputFormat.Basic);

    /** Made when first needed, by operation and parameter. */
    private final Map<String, Validator> validators = new HashMap<>();

    /**
     * Goes on only where the request fits the operation.
     *
     * @throws ArgusException naming the field that does not
     */
    void check(RoutingContext context, Contract.Operation operation) {
        for (Contract.Parameter parameter : operation.parameters()) {
            String text = parameter.inPath()
                    ? context.pathParam(parameter.name())
                    : context.request().getParam(parameter.name());
            if (text != null) {
                check(
                        operation.id() + "?" + parameter.name(),
                        parameter.schema(),
                        parameter.name(),
                        value(parameter, text));
            } else if (parameter.required()) {
                throw ArgusException.invalid(parameter.name(), "The " + parameter.name() + " is missing.");
            }
        }
        operation.body().ifPresent(schema -> checkBody(context, operation, schema));
    }

    private static Object value(Contract.Parameter parameter, String text) {
        String type = parameter.schema().getString("type");
        try {
            return switch (type) {
                case "integer" -> Long.valueOf(text);
                case "boolean" -> flag(parameter, text);
                default -> text;
            };
        } catch (NumberFormatException e) {
            throw ArgusException.invalid(parameter.name(), "The " + parameter.name() + " must be a whole number.");
        }
    }

    private static boolean flag(Contract.Parameter parameter, String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default ->
                throw ArgusException.invalid(parameter.name(), "The " + parameter.name() + " must be true or false.");
        };
    }

    private void checkBody(RoutingContext context, Contract.Operation operation, JsonObject schema) {
        String type = context.request().getHeader("Content-Type");
        Buffer body = context.body().buffer();
        boolean empty = body == null || body.length() == 0;
        // what was sent as a form has already been taken out of the body
        boolean sent = !empty || context.request().formAttributes().size() > 0 || isMultipart(type);
        if (sent && (type == null || !JSON.matcher(type).matches())) {
            throw ArgusException.invalid("body", "The body must be JSON; send it as Content-Type: application/json.");
        }
        if (body != null && !empty) {
            try {
                check(operation.id(), schema, "", StrictJson.object("The body", body.getBytes()));
            } catch (InvalidValue e) {
                throw ArgusException.invalid("body", e.sentence());
            }
        } else if (operation.bodyRequired()) {
            throw ArgusException.invalid("body", "A JSON object is missing as the body of the request.");
        }
    }

    private static boolean isMultipart(@Nullable String type) {
        return type != null && type.regionMatches(true, 0, "multipart/", 0, 10);
    }

    private void check(String key, JsonObject schema, String field, Object value) {
        Validator validator = validators.computeIfAbsent(key, made -> Validator.create(JsonSchema.of(schema), OPTIONS));
        OutputUnit result = validator.validate(value);
        if (Boolean.FALSE.equals(result.getValid())) {
            throw explain(result, field);
        }
    }

    /** The deepest error is the one that names the field. */
    private static ArgusException explain(OutputUnit result, String field) {
        List<OutputUnit> errors = result.getErrors();
        OutputUnit deepest = errors == null || errors.isEmpty() ? result : errors.getFirst();
        if (errors != null) {
            for (OutputUnit error : errors) {
                if (depth(error) > depth(deepest)) {
                    deepest = error;
                }
            }
        }
        String at = field.isEmpty() ? path(deepest.getInstanceLocation()) : field;
        String text = String.valueOf(deepest.getError());
        Matcher unknown = UNKNOWN_PROPERTY.matcher(text);
        if (unknown.matches()) {
            // unlike with a missing one, the place is that of the property itself
            String name = at.isEmpty() ? unknown.group(1) : at;
            return ArgusException.invalid(name, "The field " + Shown.plain(name) + " is not known here.");
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

    private static String path(@Nullable String location) {
        if (location == null) {
            return "";
        }
        String path = location.startsWith("#") ? location.substring(1) : location;
        return (path.startsWith("/") ? path.substring(1) : path).replace('/', '.');
    }

    private static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private static String sentence(String text) {
        return text.endsWith(".") ? text : text + ".";
    }
}
