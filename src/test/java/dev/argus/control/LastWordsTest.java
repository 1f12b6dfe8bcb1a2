package dev.argus.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LastWordsTest {
    private static String of(String text) {
        return LastWords.of(text.lines().toList()).orElseThrow();
    }

    @Test
    void theLastLineSaysIt() {
        assertThat(of("Listening\nMissing -text option!\n\n")).isEqualTo("Missing -text option!");
    }

    @Test
    void ofACrashItIsTheFirstLine() {
        assertThat(
                        of(
                                "starting\npanic: no database\n\ngoroutine 1 [running]:\nmain.main()\n\t/a/main.go:7 +0x1\nexit status 2"))
                .isEqualTo("panic: no database");
    }

    @Test
    void aDescriptionOfTheUsageIsPassedOver() {
        assertThat(of("flag provided but not defined: -x\nUsage of ./simple:\n  -a string\n    \tan address\n"))
                .isEqualTo("flag provided but not defined: -x");
        assertThat(of("Usage:\n  simple [flags]\n\nFlags:\n  -h  help\n\nerror: no password file"))
                .isEqualTo("error: no password file");
        assertThat(of("Usage of ./simple:\n  -a string")).isEqualTo("Usage of ./simple:");
    }

    @Test
    void whatATerminalWouldObeyIsTakenOutAndALongLineIsCut() {
        assertThat(of("\u001b[31mno\u0007key\u001b[0m")).isEqualTo("no key");
        assertThat(of("x".repeat(1_000))).hasSize(300).endsWith("…");
    }

    @Test
    void whoSaidNothingHasNoLastWords() {
        assertThat(LastWords.of(List.of("", " "))).isEmpty();
    }
}
