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
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
        assertThat(log.file(2)).isEqualTo(directory.resolve("shop-1.log.2"));
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
        LogKeeper keeper = keeper(2);
        append("a\nb\n");
        keeper.rotate();
        append("c\n");
        keeper.rotate();
        append("d\ne\n");

        assertThat(log.tail(4)).containsExactly("b", "c", "d", "e");
        assertThat(log.tail(99)).containsExactly("a", "b", "c", "d", "e");
    }

    @Test
    void aLineThatRotationCutInTwoIsOneAgain() throws IOException {
        LogKeeper keeper = keeper(5);
        append("one\ntw");
        keeper.rotate();
        append("o\nthree\n");

        assertThat(log.tail(9)).containsExactly("one", "two", "three");
        assertThat(log.tail(2)).containsExactly("two", "three");
    }

    @Test
    void aVeryLongLineIsGivenInPieces() throws IOException {
        append("first\n" + "x".repeat(40_000) + "\nshort\n");

        assertThat(log.tail(4))
                .containsExactly(
                        "x".repeat(16_384) + " …", "x".repeat(16_384) + " …", "x".repeat(40_000 - 2 * 16_384), "short");
    }

    @Test
    void noCharacterIsCutInTwoByThePieces() throws IOException {
        append("a" + "€".repeat(10_000) + "\n");

        List<String> pieces = log.tail(9);

        assertThat(pieces).hasSize(2).noneMatch(piece -> piece.contains("\ufffd"));
        assertThat(String.join("", pieces).replace(" …", "")).isEqualTo("a" + "€".repeat(10_000));
    }

    @Test
    void aLineWithoutEndIsLookedBackOnlySoFar() throws IOException {
        try (var out = Files.newOutputStream(log.path())) {
            for (int i = 0; i < 20; i++) {
                out.write("y".repeat(1_000_000).getBytes(StandardCharsets.US_ASCII));
            }
        }

        InstanceLog.Excerpt all = log.tail(InstanceLog.MOST_LINES, null);
        assertThat(all.lines()).hasSize(512).allMatch(piece -> piece.length() < 17_000);
        assertThat(all.cut()).isTrue();
        assertThat(log.tail(3)).hasSize(3);
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
        assertThatThrownBy(() -> log.followFromStart().poll()).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> keeper(1).look()).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> keeper(1).rotate()).isInstanceOf(IOException.class);
        assertThat(secret).hasContent("secret\n");
    }

    @Test
    void aFollowerGivesEachLineOnceAndHalfLinesWhenTheyAreWhole() throws IOException {
        append("old\n");
        LogFollower follower = log.followFromEnd();

        assertThat(follower.poll().lines()).isEmpty();
        append("new\nha");
        assertThat(follower.poll().lines()).containsExactly("new");
        assertThat(follower.poll().lines()).isEmpty();
        append("lf\n");
        assertThat(follower.poll().lines()).containsExactly("half");
    }

    @Test
    void aFollowerMayStartBeforeTheFileIsThere() throws IOException {
        LogFollower follower = log.followFromEnd();

        assertThat(follower.poll().lines()).isEmpty();
        append("first\n");
        assertThat(follower.poll().lines()).containsExactly("first");
    }

    @Test
    void aFollowerLosesAndRepeatsNothingThroughRotations() throws IOException {
        var random = new Random(7);
        LogFollower follower = log.followFromEnd();
        var written = new ArrayList<String>();
        var read = new ArrayList<String>();
        LogKeeper keeper = keeper(2_000);
        int rotations = 0;
        for (int i = 0; i < 600; i++) {
            String line = "line " + i + " " + "z".repeat(random.nextInt(200));
            written.add(line);
            append(line + "\n");
            if (random.nextInt(3) == 0) {
                read.addAll(follower.poll().lines());
            } else if (keeper.look().full()) {
                keeper.rotate();
                rotations++;
            }
        }
        read.addAll(follower.poll().lines());

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

        List<String> lines =
                await().atMost(Instances.SOON).until(() -> follower.poll().lines(), found -> !found.isEmpty());
        assertThat(lines).containsExactly("new");
    }

    @Test
    void aFloodIsReadInBoundedPieces() throws IOException {
        LogFollower follower = log.followFromEnd();
        append("0123456789\n".repeat(200_000));

        LogFollower.Piece piece = follower.poll();

        assertThat(piece.full()).isTrue();
        int all = 0;
        for (; !piece.lines().isEmpty(); piece = follower.poll()) {
            assertThat(piece.lines()).hasSizeLessThan(10_000);
            assertThat(piece.missed()).isZero();
            all += piece.lines().size();
        }
        assertThat(all).isEqualTo(200_000);
    }

    @Test
    void whoLagsFarBehindGoesOnNearTheEndAndIsToldWhatItMissed() throws IOException {
        LogFollower follower = log.followFromEnd();
        append("0123456789\n".repeat(1_000_000) + "the end\n");

        LogFollower.Piece piece = follower.poll();

        assertThat(piece.missed()).isBetween(10_000_000L, 11_000_000L);
        var last = new ArrayList<String>();
        for (; !piece.lines().isEmpty(); piece = follower.poll()) {
            last.addAll(piece.lines());
        }
        assertThat(last.getLast()).isEqualTo("the end");
        assertThat(last.size() * 11L + follower.position()).isGreaterThan(11_000_000L);
    }

    @Test
    void aFollowerThatIsTakenUpAgainGetsWhatCameMeanwhileAndNothingTwice() throws IOException {
        LogKeeper keeper = keeper(20);
        append("one\ntwo\n");
        LogFollower before = log.followFromStart();
        assertThat(before.poll().lines()).containsExactly("one", "two");
        long position = before.position();
        append("three\nfour\nfi");
        keeper.rotate();
        append("ve\nsix\nsev");

        LogFollower after = log.followFromEnd();
        assertThat(log.between(position, after).lines()).containsExactly("three", "four", "five", "six");
        append("en\n");
        assertThat(after.poll().lines()).containsExactly("seven");
        assertThat(log.tailBefore(after, 2, null).lines()).containsExactly("six", "seven");
    }

    @Test
    void rotationKeepsTenFilesForTheirOwnerAlone() throws IOException {
        LogKeeper keeper = keeper(4);
        for (int i = 0; i < 15; i++) {
            append("file " + i + "\n");
            keeper.rotate();
        }
        append("now\n");

        List<String> kept = Stream.concat(IntStream.range(6, 15).mapToObj(i -> "file " + i), Stream.of("now"))
                .toList();
        assertThat(log.tail(99)).isEqualTo(kept);
        try (var files = Files.list(directory)) {
            assertThat(files).hasSize(11).contains(directory.resolve("shop-1.log.index"));
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(log.file(1))))
                .isEqualTo("rw-------");
    }

    /** Which empties the file, so that it can rotate a few bytes, too. */
    private LogKeeper keeper(int fileBytes) {
        var small = new InstanceLog(directory, "shop-1", new LogLimits(fileBytes, 10));
        return new LogKeeper(small, Clock.systemUTC(), Optional::empty, LogCutter.TRUNCATE);
    }

    private void append(String text) throws IOException {
        Files.writeString(log.path(), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
