package dev.argus.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * YAML read as JSON, from the nodes of the parser. The usual way, {@code new Yaml().load()}, is able to make beans too, for which
 * it needs the module java.desktop: a third more of Java to be installed on every server.
 */
final class YamlDocument {
    private static final Map<Tag, Scalar> SCALARS = Map.of(
            Tag.NULL, text -> null,
            Tag.BOOL, Boolean::valueOf,
            Tag.INT, YamlDocument::whole,
            Tag.FLOAT, Double::valueOf);

    private YamlDocument() {}

    private interface Scalar {
        @Nullable
        Object read(String text);
    }

    /** The document, an object at its top; its keys are read as text. */
    static JsonObject read(String yaml) {
        var options = new LoaderOptions();
        var parser = new ParserImpl(new StreamReader(yaml), options);
        return (JsonObject) object((MappingNode) new Composer(parser, new Resolver(), options).getSingleNode());
    }

    private static Object object(MappingNode node) {
        var read = new JsonObject();
        node.getValue()
                .forEach(each -> read.put(((ScalarNode) each.getKeyNode()).getValue(), value(each.getValueNode())));
        return read;
    }

    private static @Nullable Object value(Node node) {
        return switch (node) {
            case MappingNode mapping -> object(mapping);
            case SequenceNode sequence -> {
                var read = new JsonArray();
                sequence.getValue().forEach(each -> read.add(value(each)));
                yield read;
            }
            case ScalarNode scalar ->
                SCALARS.getOrDefault(scalar.getTag(), text -> text).read(scalar.getValue());
            default -> throw new IllegalStateException("YAML of an unknown kind: " + node.getNodeId());
        };
    }

    /** An {@code Integer} where it fits, as JSON is read elsewhere. */
    private static Object whole(String text) {
        long number = Long.parseLong(text);
        if (number == (int) number) {
            return (int) number;
        }
        return number;
    }
}
