package dev.argus.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstanceLogTest {
    @TempDir
    Path directory;

    private InstanceLog log;

    @BeforeEach
    void open() {
        log = new InstanceLog(directory, "shop-1");
    }

    @Test
    void theFileIsNamedAfterTheInstance() {
        assertThat(log.path()).isEqualTo(directory.resolve("shop-1.log"));
        assertThat(log.rotated(2)).isEqualTo(directory.resolve("shop-1.log.2"));
    }

    @Test
    void aLogThatIsMissingOrEmptyHasNoLines() throws IOException {
        assertThat(log.tail(10)).isEmpty();
        append("");
        assertThat(log.tail(10)).isEmpty();
        append("\n");
        assertThat(log.tail(10)).containsExactly("");
    }

    @Test
    void theLastLinesAreGivenOldestFirst() throws IOException {
        append("one\r\ntwo\n\nfour\nhalf");

        assertThat(log.tail(3)).containsExactly("", "four", "half");
        assertThat(log.tail(100)).containsExactly("one", "two", "", "four", "half");
        assertThat(log.tail(0)).isEmpty();
        assertThat(log.tail(-1)).isEmpty();
    }

    @Test
    void theTailIsThatOfTheWholeTextWhateverTheBlocks() throws IOException {
        var random = new Random(42);
        for (int round = 0; round < 40; round++) {
            log.delete();
            var text = new StringBuilder();
            int lines = random.nextInt(400);
            for (int i = 0; i < lines; i++) {
                text.append("x".repeat(random.nextInt(1500))).append(i).append('\n');
            }
            append(text.toString());
            int wanted = random.nextInt(500) + 1;
            List<String> all = text.toString().lines().toList();
            assertThat(log.tail(wanted)).isEqualTo(all.subList(Math.max(0, all.size() - wanted), all.size()));
        }
    }

    @Test
    void theTailReachesIntoRotatedFiles() throws IOException {
        append("a\nb\n");
        log.rotate(1, Long.MAX_VALUE);
        append("c\n");
        log.rotate(1, Long.MAX_VALUE);
        append("d\ne\n");

        assertThat(log.tail(4)).containsExactly("b", "c", "d", "e");
        assertThat(log.tail(99)).containsExactly("a", "b", "c", "d", "e");
    }

    @Test
    void aVeryLongLineIsCutAndToldSo() throws IOException {
        append("x".repeat(5_000_000) + "\nshort\n");

        List<String> tail = log.tail(2);

        assertThat(tail.getFirst())
                .startsWith("xxx")
                .endsWith("(4983616 more bytes)")
                .hasSizeLessThan(17_000);
        assertThat(tail.getLast()).isEqualTo("short");
    }

    @Test
    void aLineWithoutEndIsLookedBackOnlySoFar() throws IOException {
        try (var out = Files.newOutputStream(log.path())) {
            for (int i = 0; i < 20; i++) {
                out.write("y".repeat(1_000_000).getBytes(StandardCharsets.US_ASCII));
            }
        }

        assertThat(log.tail(10)).singleElement().asString().hasSizeLessThan(17_000);
    }

    @Test
    void bytesThatAreNoTextAreShownAsReplacements() throws IOException {
        Files.write(log.path(), new byte[] {'a', (byte) 0xff, 'b', '\n', 0, '\n'});

        assertThat(log.tail(2)).containsExactly("a\ufffdb", "\0");
    }

    @Test
    void aSymbolicLinkIsNeverFollowed() throws IOException {
        Path secret = Files.writeString(directory.resolve("secret"), "secret\n");
        Files.createSymbolicLink(log.path(), secret);

        assertThatThrownBy(() -> log.tail(1)).isInstanceOf(IOException.class).hasMessageContaining("symbolic link");
        assertThatThrownBy(() -> log.follow(0).poll()).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> log.rotate(1, Long.MAX_VALUE)).isInstanceOf(IOException.class);
        assertThat(secret).hasContent("secret\n");
    }

    @Test
    void aFollowerGivesEachLineOnceAndHalfLinesWhenTheyAreWhole() throws IOException {
        append("old\n");
        LogFollower follower = log.followFromEnd();

        assertThat(follower.poll()).isEmpty();
        append("new\nha");
        assertThat(follower.poll()).containsExactly("new");
        assertThat(follower.poll()).isEmpty();
        append("lf\n");
        assertThat(follower.poll()).containsExactly("half");
    }

    @Test
    void aFollowerMayStartBeforeTheFileIsThere() throws IOException {
        LogFollower follower = log.followFromEnd();

        assertThat(follower.poll()).isEmpty();
        append("first\n");
        assertThat(follower.poll()).containsExactly("first");
    }

    @Test
    void aFollowerLosesAndRepeatsNothingThroughRotations() throws IOException {
        var random = new Random(7);
        LogFollower follower = log.followFromEnd();
        var written = new ArrayList<String>();
        var read = new ArrayList<String>();
        int rotations = 0;
        for (int i = 0; i < 600; i++) {
            String line = "line " + i + " " + "z".repeat(random.nextInt(200));
            written.add(line);
            append(line + "\n");
            if (random.nextInt(3) == 0) {
                read.addAll(follower.poll());
            } else if (log.rotate(2_000, Long.MAX_VALUE)) {
                rotations++;
            }
        }
        read.addAll(follower.poll());

        assertThat(rotations).isGreaterThan(15);
        assertThat(read.equals(written))
                .as("%d of %d lines", read.size(), written.size())
                .isTrue();
    }

    @Test
    void aLogThatIsTruncatedByHandIsFollowedFromItsStart() throws IOException {
        append("some earlier text\n");
        LogFollower follower = log.followFromEnd();
        Files.writeString(log.path(), "new\n", StandardOpenOption.TRUNCATE_EXISTING);

        assertThat(follower.poll()).containsExactly("new");
    }

    @Test
    void aFloodIsReadInBoundedPieces() throws IOException {
        LogFollower follower = log.followFromEnd();
        append("0123456789\n".repeat(200_000));

        int first = follower.poll().size();

        assertThat(first).isPositive().isLessThan(100_000);
        int all = first;
        for (List<String> more = follower.poll(); !more.isEmpty(); more = follower.poll()) {
            all += more.size();
        }
        assertThat(all).isEqualTo(200_000);
    }

    @Test
    void rotationKeepsTenFilesForTheirOwnerAlone() throws IOException {
        for (int i = 0; i < 15; i++) {
            append("file " + i + "\n");
            assertThat(log.rotate(1, Long.MAX_VALUE)).isTrue();
        }
        append("now\n");

        List<String> kept = Stream.concat(IntStream.range(6, 15).mapToObj(i -> "file " + i), Stream.of("now"))
                .toList();
        assertThat(log.tail(99)).isEqualTo(kept);
        try (var files = Files.list(directory)) {
            assertThat(files).hasSize(InstanceLog.FILES);
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(log.rotated(1))))
                .isEqualTo("rw-------");
    }

    @Test
    void aSmallLogIsNotRotated() throws IOException {
        append("small\n");

        assertThat(log.rotate()).isFalse();
        assertThat(log.rotated(1)).doesNotExist();
    }

    @Test
    void ofALogThatGrewFarBeyondTheLimitTheEndIsKept() throws IOException {
        append("0123456789\n".repeat(1000) + "the end\n");

        log.rotate(100, 200);

        assertThat(Files.size(log.rotated(1))).isEqualTo(200);
        assertThat(log.tail(1)).containsExactly("the end");
    }

    @Test
    void aServiceGoesOnWritingThroughARotation() throws Exception {
        try (var instances = new Instances(directory)) {
            var instance = instances.sh(
                    "i=0; while [ $i -lt 300 ]; do echo line $i; i=$((i+1)); sleep 0.002; done; echo done");
            var own = new InstanceLog(directory, instance.id());
            LogFollower follower = own.follow(0);
            var lines = new ArrayList<String>();
            await().atMost(Instances.SOON).until(() -> {
                own.rotate(200, Long.MAX_VALUE);
                lines.addAll(follower.poll());
                return lines.contains("done");
            });

            // Between the copy and the truncation a line may be lost, for that is what copying and truncating means.
            assertThat(lines).doesNotHaveDuplicates().hasSizeBetween(290, 301);
            assertThat(Files.size(own.path())).isLessThan(2_000);
        }
    }

    private void append(String text) throws IOException {
        Files.writeString(log.path(), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
