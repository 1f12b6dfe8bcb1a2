package dev.argus.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RepositoryUrlTest {
    private static final Set<String> ALL = Set.of("https", "ssh", "http", "file");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://example.com/owner/name.git",
                "https://example.com:8443/a/b",
                "ssh://git@example.com:2222/a.git",
                "git@example.com:owner/name.git",
                "example.com:path/to",
                "http://127.0.0.1:9000/r.git",
                "http://[::1]:80/r.git",
                "file:///srv/git/name",
                "https://example.com/~user/with%20blank"
            })
    void ordinaryAddressesAreKeptAsTheyAre(String text) {
        RepositoryUrl url = RepositoryUrl.of(text, ALL);

        assertThat(url.address()).isEqualTo(text);
        assertThat(url.withCredentials()).isEqualTo(text);
        assertThat(url.redacted()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ext::sh -c id",
                "ext::id",
                "EXT::id",
                "fd::3",
                "git://example.com/a",
                "/srv/other",
                "../up",
                "./here",
                "name",
                "",
                " ",
                "--upload-pack=id",
                "-uid",
                "ssh://-oProxyCommand=id/x",
                "ssh://a@-oProxyCommand=id/x",
                "-oProxyCommand=id:x",
                "git@-host:x",
                "git@host:-x",
                "ssh://-l@host/x",
                "hg::https://a/b",
                "https://exa mple.com/a",
                "https://example.com/a\nb",
                "https://example.com/a\u0000",
                "https:///a",
                "https://example.com",
                "https://example.com/",
                "file:/etc",
                "file://host/etc",
                "https:///",
                "amazon-s3://a@b/c",
                "https://example.com:99999/a",
                "https://example.com/a?token=x",
                "ftp://a/b",
                "https://a@b@c/d"
            })
    void everythingElseIsRefusedAndNamesTheField(String text) {
        assertThatThrownBy(() -> RepositoryUrl.of(text, ALL))
                .isInstanceOfSatisfying(
                        InvalidValue.class,
                        refused -> assertThat(refused.field()).isEqualTo("repository"))
                .hasMessageEndingWith(".");
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:///etc", "http://example.com/a", "FILE:///etc"})
    void aProtocolThatIsNotAllowedIsRefusedWithTheSettingThatAllowsIt(String text) {
        assertThatThrownBy(() -> RepositoryUrl.of(text, RepositoryUrl.DEFAULT_PROTOCOLS))
                .hasMessageContaining("not allowed")
                .hasMessageContaining("server.git.protocols");
    }

    @Test
    void credentialsAreSplitOffAndNeverShown() {
        RepositoryUrl url = RepositoryUrl.of("https://us%40er:s3cr%2Fet@example.com/a.git", ALL);

        assertThat(url.address()).isEqualTo("https://example.com/a.git");
        assertThat(url.credentials()).isEqualTo(new Credentials("us@er", "s3cr/et"));
        assertThat(url.redacted()).isEqualTo("https://***@example.com/a.git");
        assertThat(url.toString() + url.credentials()).doesNotContain("s3cr").doesNotContain("us@er");
        assertThat(RepositoryUrl.of(url.withCredentials(), ALL)).isEqualTo(url);
    }

    @Test
    void aTokenAloneIsASecretToo() {
        assertThat(RepositoryUrl.of("https://TOKEN@example.com/a", ALL).toString())
                .isEqualTo("https://***@example.com/a");
    }

    @Test
    void theUserOfSshStaysAndItsPasswordDoesNot() {
        RepositoryUrl url = RepositoryUrl.of("ssh://git:pw@example.com/a", ALL);

        assertThat(url.redacted()).isEqualTo("ssh://git@example.com/a");
        assertThat(url.credentials()).isEqualTo(new Credentials("git", "pw"));
        assertThat(RepositoryUrl.of(url.withCredentials(), ALL)).isEqualTo(url);
    }

    @Test
    void aRefusalDoesNotRepeatTheCredentials() {
        assertThatThrownBy(() -> RepositoryUrl.of("https://user:hunter2@-bad/x", ALL))
                .message()
                .doesNotContain("hunter2");
        assertThatThrownBy(() -> RepositoryUrl.of("gopher://user:hunter2@a/x", ALL))
                .message()
                .doesNotContain("hunter2");
        assertThatThrownBy(() -> RepositoryUrl.of("https://user:hunter2@host", ALL))
                .message()
                .doesNotContain("hunter2");
    }
}
