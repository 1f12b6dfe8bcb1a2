package dev.argus.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The completion scripts, read by the shells they are for as far as those are installed. */
class CompletionTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh", "fish"})
    void theScriptKnowsEveryCommandAndTheShellCanReadIt(String shell) throws Exception {
        Client.Result result = new Client(directory).run("completion", shell);
        assertThat(result.status()).isZero();
        for (String[] command : Commands.ALL) {
            assertThat(result.out()).contains(command[0]);
        }
        assertThat(result.out()).contains("isalive", "keep-data", "no-wait");
        if (installed(shell)) {
            assertThat(output(shell, "-n", script(result.out()))).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "argus-client 'dep' => deploy",
                "argus-client 'deploy web --inst' => --instances",
                "argus-client 'env web l' => list",
                "argus-client '--server x undeploy --k' => --keep-data",
                "argus-client 'completion z' => zsh",
                "argus-client 'status w' => web"
            })
    void bashCompletesWhatIsTyped(String example) throws Exception {
        String typed = example.substring(example.indexOf('\'') + 1, example.lastIndexOf('\''));
        String expected = example.substring(example.indexOf("=> ") + 3);
        String script = new Client(directory).run("completion", "bash").out();
        String services = "argus-client() { printf 'NAME  STATUS\\nweb   running\\n'; }\n";
        String words = "COMP_WORDS=(argus-client " + typed + "); COMP_CWORD=" + typed.split(" ", -1).length + "\n";
        String run = script(script + services + words + "_argus_client\nprintf '%s\\n' \"${COMPREPLY[@]}\"\n");
        assertThat(output("bash", run)).isEqualTo(expected + "\n");
    }

    @Test
    void anotherShellIsWrongUsage() {
        assertThat(new Client(directory).run("completion", "tcsh").status()).isEqualTo(ExitStatus.USAGE);
    }

    private String script(String text) throws Exception {
        Path file = directory.resolve("script");
        Files.writeString(file, text);
        return file.toString();
    }

    private String output(String... command) throws Exception {
        Path out = directory.resolve("out");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return Files.readString(out);
    }

    private static boolean installed(String command) {
        for (String place : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            if (Files.isExecutable(Path.of(place, command))) {
                return true;
            }
        }
        return false;
    }
}
