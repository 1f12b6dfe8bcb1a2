package dev.argus.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.argus.bus.ArgusException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PasswordsTest {

    @Test
    void aHashMatchesItsPasswordAndNoOther() {
        String hash = Passwords.hash("correct horse battery");
        assertThat(hash).startsWith("$argon2id$").contains("m=19456,t=2,p=1").doesNotContain("horse");
        assertThat(Passwords.matches("correct horse battery", hash)).isTrue();
        assertThat(Passwords.matches("correct horse batterz", hash)).isFalse();
        assertThat(Passwords.matches("", hash)).isFalse();
        assertThat(Passwords.matches("correct horse battery\0", hash)).isFalse();
    }

    @Test
    void theSamePasswordHasAnotherHashEachTime() {
        assertThat(Passwords.hash("correct horse battery")).isNotEqualTo(Passwords.hash("correct horse battery"));
    }

    @Test
    void tooShortAndTooLongPasswordsAreRefusedAndNotRepeated() {
        assertThat(Passwords.require("ten chars!")).hasSize(10);
        for (String bad : new String[] {"", "nine char", "x".repeat(1_025)}) {
            assertThatExceptionOfType(ArgusException.class)
                    .isThrownBy(() -> Passwords.require(bad))
                    .satisfies(refused -> assertThat(refused.field()).isEqualTo("password"))
                    .satisfies(refused -> assertThat(refused.sentence()).doesNotContain("nine char"));
        }
        assertThat(Passwords.matches("x".repeat(1_025), Passwords.hash("x".repeat(1_025))))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ann", "a", "ann@example.org", "A.b_c-d", "0"})
    void aPlainNameIsTaken(String name) {
        assertThat(Accounts.requireName("name", name)).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-a", ".", "a b", "a\nb", "a/b", "a;b", "ä", "a\0", "<b>"})
    void aStrangeNameIsRefused(String name) {
        assertThatExceptionOfType(ArgusException.class)
                .isThrownBy(() -> Accounts.requireName("name", name))
                .satisfies(refused -> assertThat(refused.field()).isEqualTo("name"));
    }
}
