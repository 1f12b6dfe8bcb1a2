package dev.argus.webroot;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/** A stand-in and a browser for each test; at its end the page must not have complained about anything. */
@Tag("browser")
@ExtendWith(Chromium.class)
abstract class DashboardTestCase {
    static final String NAME = "go-simple-service";

    @SuppressWarnings("NullAway.Init")
    StandInApi api;

    @SuppressWarnings("NullAway.Init")
    Dashboard dashboard;

    @BeforeEach
    void open(Browser browser) throws IOException {
        api = new StandInApi();
        api.addUser("olga", "right", "operator");
        api.addUser("vera", "right", "viewer");
        dashboard = new Dashboard(browser, api);
    }

    @AfterEach
    void close() {
        dashboard.close();
        api.close();
        assertThat(dashboard.complaints()).isEmpty();
    }
}
