package dev.argus.webroot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The pure modules of the page, each asked on its own. */
class ModulesTest extends DashboardTestCase {

    @BeforeEach
    void openThePage() {
        dashboard.page.navigate(api.url());
    }

    @Test
    void textIsLeftAloneWhereNothingHides() {
        String text = "Grüße, 你好, 👩‍💻 <b>\t{port} \\x1b";
        assertThat(ask("/js/base/visible.js", "m.visible(given)", text)).isEqualTo(text);
    }

    @Test
    void halvesOfSurrogatePairsAndTagsAreEscaped() {
        assertThat(ask("/js/base/visible.js", "m.visible('\\ud800x\\u{e0041}\\u2028')", ""))
                .isEqualTo("\\ud800x\\u{e0041}\\u2028");
    }

    @Test
    void eventsAreTheSameHoweverTheStreamIsCut() {
        String stream = """
                retry: 1000

                : still here

                id: 7
                event: log
                data: {"a":1}

                id: 8\r
                data: one\r
                data:two\r
                \r
                event: nothing

                data: last\r\rdata: unfinished
                """;
        Object expected = List.of(
                Map.of("id", "7", "type", "log", "data", "{\"a\":1}"),
                Map.of("id", "8", "type", "message", "data", "one\ntwo"),
                Map.of("id", "8", "type", "message", "data", "last"));
        for (int size = 1; size <= stream.length(); size++) {
            assertThat(ask(
                            "/js/base/event-parser.js",
                            "{ const p = new m.EventParser(); const found = [];"
                                    + " for (let i = 0; i < given.length; i += " + size + ") {"
                                    + " found.push(...p.push(given.slice(i, i + " + size + "))); } return found; }",
                            stream))
                    .as("in pieces of %d", size)
                    .isEqualTo(expected);
        }
    }

    @Test
    void anAnswerThatWasOvertakenIsNotTaken() {
        assertThat(ask(
                        "/js/base/order.js",
                        "{ const order = new m.Order(); const [first, second, third] = [order.ask(), order.ask(), order.ask()];"
                                + " return [second(), first(), third(), order.ask()()]; }",
                        ""))
                .isEqualTo(List.of(true, false, true, true));
    }

    @ParameterizedTest
    @CsvSource({
        "'', ab, 0",
        "abc, '', 0",
        "abc, cde, 1",
        "abc, abc, 3",
        "aaaa, aab, 2",
        "xabcab, abcabd, 5",
        "abc, xyz, 0"
    })
    void linesThatAreShownAlreadyAreFoundInAReplay(String known, String fresh, int length) {
        assertThat(ask("/js/base/overlap.js", "m.overlap([...'" + known + "'], [...given])", fresh))
                .isEqualTo(length);
    }

    @ParameterizedTest
    @CsvSource({
        "bytes(0), 0 B",
        "bytes(1023), 1023 B",
        "bytes(1024), 1.0 KiB",
        "bytes(268435456), 256 MiB",
        "bytes(1e15), 909 TiB",
        "bytes(undefined), –",
        "duration(20), < 0.1 s",
        "duration(3400), 3.4 s",
        "duration(59999), 59 s",
        "duration(125000), 2 min 5 s",
        "duration(11400000), 3 h 10 min",
        "duration(180000000), 2 d 2 h",
        "ago(59999), just now",
        "ago(7200000), 2 h ago",
        "counted(1%2C 'service'), 1 service",
    })
    void figuresAreWrittenForPeople(String expression, String text) {
        assertThat(ask("/js/base/format.js", "m." + expression.replace("%2C", ","), ""))
                .isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"name, name", "env.LOG_LEVEL, env", "hosts[0], hosts", "isalive.path, isalive.path", "data[3], data"})
    void theFieldOfAProblemIsFoundInTheForm(String path, String field) {
        assertThat(ask("/js/elements/deploy-fields.js", "m.fieldOf(given)", path))
                .isEqualTo(field);
    }

    @ParameterizedTest
    @CsvSource({"body", "isalive", "unknown.field", "''"})
    void aProblemOfNoFieldOfTheFormIsSaidElsewhere(String path) {
        assertThat(ask("/js/elements/deploy-fields.js", "m.fieldOf(given)", path))
                .isNull();
    }

    @Test
    void aStreamThatFallsSilentIsOpenedAgain() {
        api.addUser("sam", "right", "viewer");
        dashboard.signIn("sam", "right");
        // the stand-in says something every second, so a patience of 200 ms ends before that, and perhaps before it is
        // open
        assertThat(ask(
                        "/js/base/stream.js",
                        "{ const end = new AbortController(); const states = [];"
                                + " await m.follow('/events', { signal: end.signal, silence: 200, onEvent: () => {},"
                                + " onState: (s) => { if (states.at(-1) !== s && (s === 'open' || states.length > 0)) { states.push(s); }"
                                + " if (states.length === 3) { end.abort(); } } });"
                                + " return states; }",
                        ""))
                .isEqualTo(List.of("open", "lost", "open"));
    }

    private Object ask(String module, String expression, String given) {
        String body = expression.startsWith("{") ? expression : "{ return " + expression + "; }";
        return dashboard.page.evaluate(
                "async (given) => { const m = await import('" + module + "'); " + body + " }", given);
    }
}
