package dev.argus.webroot;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives tests the one browser of the whole run, started when the first of them asks for it. */
final class Chromium implements ParameterResolver {
    private static final Path EXECUTABLE = Path.of("/usr/bin/chromium");

    /** What a page is given to say what is awaited; what it says at all it says in a fraction, but not while others build and flood. */
    private static final double LONGEST_WAIT_MILLIS = 30_000;

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
        return parameter.getParameter().getType() == Browser.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
        return test.getRoot()
                .getStore(ExtensionContext.Namespace.create(Chromium.class))
                .getOrComputeIfAbsent(Started.class, key -> Started.start(), Started.class)
                .browser();
    }

    private record Started(Playwright playwright, Browser browser) implements AutoCloseable {

        static Started start() {
            if (!Files.isExecutable(EXECUTABLE)) {
                throw new IllegalStateException(
                        "There is no browser at " + EXECUTABLE + "; install the Debian package chromium.");
            }
            Playwright playwright = Playwright.create();
            PlaywrightAssertions.setDefaultAssertionTimeout(LONGEST_WAIT_MILLIS);
            return new Started(
                    playwright,
                    playwright
                            .chromium()
                            .launch(
                                    new BrowserType.LaunchOptions()
                                            .setExecutablePath(EXECUTABLE)
                                            .setHeadless(true)
                                            .setChromiumSandbox(false)
                                            .setArgs(
                                                    List.of(
                                                            "--disable-gpu",
                                                            "--disable-quic",
                                                            "--no-first-run",
                                                            "--disable-background-networking",
                                                            "--disable-component-update",
                                                            "--disable-sync",
                                                            // nothing beyond this machine is ever asked
                                                            "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE *.localhost"))));
        }

        @Override
        public void close() {
            browser.close();
            playwright.close();
        }
    }
}
