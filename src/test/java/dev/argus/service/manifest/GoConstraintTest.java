package dev.argus.service.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoConstraintTest {
    @ParameterizedTest
    @CsvSource({
        "linux,true",
        "!linux,false",
        "windows,false",
        "ignore,false",
        "!ignore,true",
        "linux && !windows,true",
        "(windows || unix) && go1.18,true",
        "windows || darwin,false",
        "!(linux && cgo),false",
        "tools,false",
        "'',true"
    })
    void aBuildLineHoldsOrNot(String expression, boolean holds) {
        assertThat(GoConstraint.holds(expression)).isEqualTo(holds);
    }

    @ParameterizedTest
    @CsvSource({
        "main.go,true",
        "main_linux.go,true",
        "main_windows.go,false",
        "a_s390x.go,false",
        "a_windows_amd64.go,false",
        "linux.go,true",
        "my_server.go,true"
    })
    void theNameOfAFileFitsOrNot(String name, boolean fits) {
        assertThat(GoConstraint.fitsName(name)).isEqualTo(fits);
    }
}
