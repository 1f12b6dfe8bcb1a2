package dev.argus.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GitRefTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"main", "feature/one", "v1.2.3", "a1b2c3d", "refs/heads/main", "fix/#12", "user@home", "größe"})
    void ordinaryRefsAreTaken(String text) {
        assertThat(GitRef.of(text).text()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "main; curl",
                "main;curl",
                "--upload-pack=id",
                "-h",
                "a..b",
                "@{",
                "a@{1}",
                "@",
                "a b",
                "a\nb",
                "a\u0000",
                "a~1",
                "a^",
                "a:b",
                "a?",
                "a*",
                "a[",
                "a\\b",
                "/a",
                "a/",
                "a//b",
                ".a",
                "a/.b",
                "a.lock",
                "a.lock/b",
                "a.",
                "$(id)",
                "`id`",
                "a|b",
                "a&b",
                "a>b",
                "a'b",
                "a\"b",
                "x/-y",
                "a\u007fb"
            })
    void everythingElseIsRefusedAndNamesTheField(String text) {
        assertThatThrownBy(() -> GitRef.of(text))
                .isInstanceOfSatisfying(
                        InvalidValue.class,
                        refused -> assertThat(refused.field()).isEqualTo("ref"))
                .hasMessageEndingWith(".");
    }

    @Test
    void nothingAndHeadAreTheDefaultBranch() {
        assertThat(GitRef.of(null)).isEqualTo(GitRef.DEFAULT);
        assertThat(GitRef.of("")).isEqualTo(GitRef.DEFAULT);
        assertThat(GitRef.of("HEAD").isDefault()).isTrue();
    }

    @Test
    void aRefOf251CharactersIsRefused() {
        assertThatThrownBy(() -> GitRef.of("a".repeat(251))).isInstanceOf(InvalidValue.class);
    }
}
