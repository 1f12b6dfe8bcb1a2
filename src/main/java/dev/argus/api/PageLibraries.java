package dev.argus.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Properties;

/**
 * The libraries of the page. They come as jars of their own, and each is served below {@code /lib/NAME/}, so that the page need not know its
 * version.
 */
public final class PageLibraries {
    /** Their names. */
    static final List<String> NAMES = List.of("lit-html", "uplot");

    /** Where the files of the library lie on the class path. */
    public static String folder(String name) {
        String file = "/META-INF/maven/org.webjars.npm/" + name + "/pom.properties";
        try (InputStream in = PageLibraries.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("the library " + name + " of the page is not on the class path");
            }
            var described = new Properties();
            described.load(in);
            return "META-INF/resources/webjars/" + name + "/" + described.getProperty("version");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private PageLibraries() {}
}
