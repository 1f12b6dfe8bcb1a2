package dev.argus.deploy.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class MaskingTest {
    @Test
    void secretsAreTakenOutWhereverTheyStandTheLongestFirst() {
        var masking = new Masking(List.of("hunter", "hunter2-long"));
        assertThat(masking.masked("a=hunter2-long b=hunter c=hunterhunter")).isEqualTo("a=*** b=*** c=******");
        assertThat(masking.masked("nothing here")).isEqualTo("nothing here");
    }

    @Test
    void ofSeveralLinesEachIsTakenOut() {
        var masking = new Masking(List.of("first line\nsecond line\r\n\n"));
        assertThat(masking.masked("> second line")).isEqualTo("> ***");
        assertThat(masking.masked("> first line")).isEqualTo("> ***");
        assertThat(masking.masked("")).isEmpty();
    }

    @Test
    void whatIsTooShortToBeOneStays() {
        assertThat(new Masking(List.of("1", "", "abc")).masked("1 abc 11")).isEqualTo("1 abc 11");
    }

    @Test
    void theBeginningOfASecretAtACutIsTakenOutToo() {
        var masking = new Masking(List.of("hunter2-long"));
        assertThat(masking.maskedToTheEnd("x hunter2-lon")).isEqualTo("x ***");
        assertThat(masking.maskedToTheEnd("x hunter2-long")).isEqualTo("x ***");
        assertThat(masking.maskedToTheEnd("hunt")).isEqualTo("***");
        assertThat(masking.maskedToTheEnd("x hun")).isEqualTo("x hun");
    }
}
