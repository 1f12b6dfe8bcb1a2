package dev.argus.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LogKeeperTest {
    private static final long MEGABYTE = 1_000_000;
    private static final Pattern NUMBERED = Pattern.compile("line (\\d{1,9})");
    private static final Pattern MISSING = Pattern.compile("\\[argus: (?:about )?(\\d+) bytes .*]");

    @TempDir
    Path directory;

    private InstanceLog log(LogLimits limits) {
        return new InstanceLog(directory, "shop-1", limits);
    }

    private static LogKeeper keeper(InstanceLog log, LogCutter cutter) {
        return new LogKeeper(log, Clock.systemUTC(), Optional::empty, cutter);
    }

    private static void append(InstanceLog log, String text) throws IOException {
        Files.writeString(log.path(), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    @ParameterizedTest
    @EnumSource
    void aSmallLogIsNotRotated(LogCutter cutter) throws IOException {
        InstanceLog log = log(new LogLimits(MEGABYTE, 3));
        append(log, "small\n");
        LogKeeper keeper = keeper(log, cutter);

        assertThat(keeper.look().full()).isFalse();
        keeper.rotate();
        assertThat(log.file(1)).doesNotExist();
    }

    /** What a service writes while its log is rotated is all there, or what is missing is said in its place. */
    @ParameterizedTest
    @EnumSource
    void aServiceGoesOnWritingThroughRotationsAndWhatIsLostIsSaid(LogCutter cutter) throws Exception {
        int count = 200_000;
        InstanceLog log = log(new LogLimits(MEGABYTE / 2, 50));
        LogKeeper keeper = keeper(log, cutter);
        Process writer = writer(log, "i=0; while [ $i -lt " + count + " ]; do echo line $i; i=$((i+1)); done");
        LogFollower follower = log.followFromStart();
        var followed = new ArrayList<String>();
        int rotations = 0;
        try {
            while (writer.isAlive()) {
                if (keeper.look().full()) {
                    keeper.rotate();
                    rotations++;
                }
                followed.addAll(follower.poll().lines());
            }
        } finally {
            writer.destroyForcibly();
        }
        for (LogFollower.Piece more = follower.poll(); !more.lines().isEmpty(); more = follower.poll()) {
            followed.addAll(more.lines());
        }

        assertThat(rotations).isGreaterThanOrEqualTo(3);
        assertThat(followed).last().isEqualTo("line " + (count - 1));
        long seen = followed.stream().filter(line -> line.startsWith("line ")).count();
        if (cutter == LogCutter.COLLAPSE && collapses()) {
            assertThat(seen).isEqualTo(count);
            assertThat(followed).hasSize(count);
        } else {
            // What is written in the very moment of a truncation is not even counted, however long that moment is on a
            // busy machine; and where the keeper came late, the beginning of what there was is left out too.
            assertThat(gaps(followed)).isLessThanOrEqualTo(2 * rotations);
            assertThat(seen).isBetween(count / 2L, (long) count);
        }
    }

    /** More than a gigabyte in a few seconds: never much on the disk, and the end is there. */
    @ParameterizedTest
    @EnumSource
    void aFloodNeverFillsTheDisk(LogCutter cutter) throws Exception {
        InstanceLog log = log(new LogLimits(4 * MEGABYTE, 5));
        Path flooded = directory.resolve("flooded");
        Path calm = directory.resolve("calm");
        // what is written in the very moment of a truncation would be lost
        Process writer = writer(
                log,
                "yes 'a line of a flood that does not end' | head -c 1200000000; touch " + flooded + "; until [ -e "
                        + calm + " ]; do sleep 0.02; done; echo; echo the end");
        long most = 0;
        var keeper = keeper(log, cutter);
        try (var watch = new LogWatch(Clock.systemUTC())) {
            watch.add("shop-1", keeper);
            watch.start();
            while (writer.isAlive() && !Files.exists(flooded)) {
                most = Math.max(most, used());
                writer.waitFor(2, TimeUnit.MILLISECONDS);
            }
            await().atMost(Instances.SOON).until(() -> used() < 45 * MEGABYTE);
            Files.createFile(calm);
            assertThat(writer.waitFor(20, TimeUnit.SECONDS)).isTrue();
        } finally {
            writer.destroyForcibly();
        }

        assertThat(most).isLessThan(400 * MEGABYTE);
        assertThat(log.tail(1)).containsExactly("the end");
        assertThat(log.tail(10_000)).hasSizeGreaterThan(1_000);
    }

    @Test
    void aFloodIsWatchedAgainSoonerThanAQuietLog() throws Exception {
        InstanceLog log = log(new LogLimits(MEGABYTE, 3));
        append(log, "quiet\n");
        LogKeeper keeper = keeper(log, LogCutter.COLLAPSE);
        keeper.look();
        assertThat(keeper.look().pauseMillis()).isEqualTo(250);

        append(log, "x".repeat(900_000));
        assertThat(keeper.look().pauseMillis()).isLessThan(250);
    }

    @Test
    void ofALogThatGrewFarBeyondTheLimitTheEndIsKeptAndTheRestIsSaidToBeMissing() throws IOException {
        InstanceLog log = log(new LogLimits(MEGABYTE, 4));
        append(log, "0123456789\n".repeat(2_000_000) + "the end\n");
        LogKeeper keeper = keeper(log, LogCutter.COLLAPSE);

        keeper.rotate();

        assertThat(used()).isLessThan(4 * MEGABYTE);
        List<String> all = log.followFromStart().poll().lines();
        assertThat(missing(all)).isGreaterThan(15 * MEGABYTE);
        assertThat(log.tail(1)).containsExactly("the end");
        assertThat(log.tail(10_000))
                .filteredOn(line -> line.equals("0123456789"))
                .hasSize(9_999);
    }

    @Test
    void aLineOfAGigabyteNeedsNoMemoryAndIsReadInPieces() throws Exception {
        InstanceLog log = log(new LogLimits(10 * MEGABYTE, 3));
        Process writer = writer(log, "head -c 1000000000 /dev/zero | tr '\\0' x; echo; echo the end");
        long heapBefore = heap();
        var last = new ArrayList<String>();
        try (var watch = new LogWatch(Clock.systemUTC())) {
            watch.add("shop-1", keeper(log, LogCutter.COLLAPSE));
            watch.start();
            LogFollower follower = log.followFromStart();
            await().atMost(Duration.ofSeconds(60))
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> {
                        last.clear();
                        last.addAll(follower.poll().lines());
                        assertThat(last).allMatch(piece -> piece.length() < 17_000);
                        return last.contains("the end");
                    });
        } finally {
            writer.destroyForcibly();
        }

        assertThat(heap() - heapBefore).isLessThan(100 * MEGABYTE);
        assertThat(log.tail(2).getLast()).isEqualTo("the end");
    }

    private static long heap() {
        Runtime runtime = Runtime.getRuntime();
        runtime.gc();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    @Test
    void aLogThatWasReplacedByASymbolicLinkIsNeitherReadNorCutNorRotated() throws Exception {
        InstanceLog log = log(new LogLimits(MEGABYTE, 3));
        String secret = "secret\n".repeat(400_000);
        Path victim = Files.writeString(directory.resolve("victim"), secret);
        append(log, "before\n");
        LogFollower follower = log.followFromEnd();
        try (var watch = new LogWatch(Clock.systemUTC())) {
            LogKeeper keeper = keeper(log, LogCutter.COLLAPSE);
            keeper.look();
            watch.add("shop-1", keeper);
            watch.start();
            Files.delete(log.path());
            Files.createSymbolicLink(log.path(), victim);

            assertThatThrownBy(keeper::look).hasMessageContaining("symbolic link");
            assertThatThrownBy(keeper::rotate).isInstanceOf(IOException.class);
            assertThatThrownBy(follower::poll).hasMessageContaining("symbolic link");
            assertThatThrownBy(() -> log.tail(5)).hasMessageContaining("symbolic link");
            assertThatThrownBy(() -> LogCutter.TRUNCATE.cut(log.path(), 1)).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> LogCutter.COLLAPSE.cut(log.path(), 65_536)).isInstanceOf(IOException.class);
        }
        assertThat(victim).hasContent(secret);
        assertThat(log.file(1)).doesNotExist();
    }

    @Test
    void rotatedFilesAndAnIndexThatAreLinksAreNotFollowedEither() throws Exception {
        InstanceLog log = log(new LogLimits(10, 3));
        Path victim = Files.writeString(directory.resolve("victim"), "precious\n");
        Files.createSymbolicLink(log.file(1), victim);
        append(log, "0123456789abc\n");
        LogKeeper keeper = keeper(log, LogCutter.TRUNCATE);

        assertThatThrownBy(() -> log.tail(5)).hasMessageContaining("symbolic link");
        keeper.rotate();
        keeper.rotate();
        append(log, "0123456789abc\n");
        keeper.rotate();
        assertThat(log.tail(5)).containsExactly("0123456789abc", "0123456789abc");

        Files.delete(directory.resolve("shop-1.log.index"));
        Files.createSymbolicLink(directory.resolve("shop-1.log.index"), victim);
        append(log, "0123456789abc\n");
        assertThatThrownBy(() -> keeper(log, LogCutter.TRUNCATE).look()).hasMessageContaining("symbolic link");
        assertThat(victim).hasContent("precious\n");
    }

    @ParameterizedTest
    @EnumSource
    void aLogThatTheServiceDeletesIsThereAgainAndStaysSmall(LogCutter cutter) throws Exception {
        try (var instances = new Instances(directory)) {
            var instance = instances.sh("echo before; while [ ! -e go ]; do sleep 0.01; done; echo after; "
                    + "while [ ! -e flood ]; do sleep 0.01; done; yes flood | head -c 21000000; : >flooded; "
                    + "while [ ! -e finish ]; do sleep 0.01; done; echo the end; sleep 60");
            instance.awaitOutput("before");
            var log = new InstanceLog(directory, instance.id(), new LogLimits(MEGABYTE, 4));
            var keeper = new LogKeeper(log, Clock.systemUTC(), () -> Optional.of(instance.shim()), cutter);
            LogFollower follower = log.followFromEnd();
            try (var watch = new LogWatch(Clock.systemUTC())) {
                keeper.look();
                watch.add(instance.id(), keeper);
                watch.start();
                Files.delete(log.path());
                Files.createFile(directory.resolve("go"));

                await().atMost(Instances.SOON).until(() -> log.tail(5).contains("after"));
                await().atMost(Instances.SOON)
                        .until(() -> follower.poll().lines().contains("after"));
                Files.createFile(directory.resolve("flood"));
                await().atMost(Instances.SOON).until(() -> Files.exists(directory.resolve("flooded")));
                await().atMost(Instances.SOON).until(() -> used() < 8 * MEGABYTE);
                Path open = Path.of("/proc/" + instance.shim().pid() + "/fd/1");
                await().atMost(Instances.SOON).until(() -> Files.size(open) < 2 * MEGABYTE);
                // only now: what is written in the very moment of a truncation is lost
                Files.createFile(directory.resolve("finish"));
                await().atMost(Instances.SOON).until(() -> log.tail(1).contains("the end"));
            }
            // and the next Argus knows what was brought already
            List<String> before = log.tail(10_000);
            new LogKeeper(log, Clock.systemUTC(), () -> Optional.of(instance.shim()), cutter).look();
            assertThat(log.tail(10_000)).isEqualTo(before);
        }
    }

    @Test
    void whereNothingCanBeKeptTheLogIsBoundedAllTheSameAndSaysWhatIsMissing() throws Exception {
        // the limit for files of the other JVM stands for a full disk: no copy can be written there
        InstanceLog log = log(new LogLimits(MEGABYTE, 4));
        for (LogCutter cutter : LogCutter.values()) {
            log.delete();
            append(log, "0123456789\n".repeat(300_000));
            Files.writeString(log.file(1), "older\n".repeat(10));
            Process other = new ProcessBuilder(
                            "sh",
                            "-c",
                            "ulimit -f 1500; exec \"$@\"",
                            "sh",
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:-UsePerfData",
                            "-Xshare:auto",
                            "--enable-native-access=ALL-UNNAMED",
                            "-cp",
                            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                            RotateOnce.class.getName(),
                            directory.toString(),
                            cutter.name())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(other.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            assertThat(other.waitFor()).as(said).isZero();

            assertThat(used()).isLessThan(MEGABYTE);
            assertThat(log.file(1)).doesNotExist();
            assertThat(log.tail(5)).anyMatch(line -> line.matches("\\[argus: \\d+ bytes are dropped here: .*]"));
            append(log, "goes on\n");
            assertThat(log.tail(1)).containsExactly("goes on");
        }
    }

    /** Run in a JVM of its own. */
    static final class RotateOnce {
        private RotateOnce() {}

        public static void main(String[] arguments) throws IOException {
            var log = new InstanceLog(Path.of(arguments[0]), "shop-1", new LogLimits(MEGABYTE, 4));
            var keeper = new LogKeeper(log, Clock.systemUTC(), Optional::empty, LogCutter.valueOf(arguments[1]));
            keeper.rotate();
        }
    }

    @Test
    void linesAreFoundByTheTimeTheyWereWrittenAt() throws Exception {
        InstanceLog log = log(new LogLimits(60, 20));
        var time = new Object() {
            Instant now = Instant.parse("2026-11-23T10:00:00Z");
        };
        InstantSource source = () -> time.now;
        Clock clock = new Clock() {
            @Override
            public Instant instant() {
                return source.instant();
            }

            @Override
            public java.time.ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(java.time.ZoneId zone) {
                return this;
            }
        };
        // a keeper of its own for each look: what counts is in the file
        for (int minute = 0; minute < 60; minute++) {
            append(log, "minute " + minute + "\nsecond line\n");
            time.now = Instant.parse("2026-11-23T10:00:00Z").plus(Duration.ofMinutes(minute));
            var keeper = new LogKeeper(log, clock, Optional::empty, LogCutter.TRUNCATE);
            keeper.look();
            keeper.rotate();
        }
        append(log, "unfinished");

        Instant end = Instant.parse("2026-11-23T10:59:00Z");
        assertThat(log.tail(100, end).lines()).containsExactly("unfinished");
        assertThat(log.tail(100, end.minusSeconds(1)).lines())
                .containsExactly("minute 59", "second line", "unfinished");
        for (int minute = 30; minute < 59; minute++) {
            InstanceLog.Excerpt found =
                    log.tail(1_000, Instant.parse("2026-11-23T10:00:01Z").plus(Duration.ofMinutes(minute)));
            assertThat(found.lines()).startsWith("minute " + (minute + 1)).hasSize(2 * (59 - minute) + 1);
            assertThat(found.cut()).isFalse();
        }
        assertThat(log.tail(1_000, Instant.EPOCH).lines()).contains("minute 59").doesNotContain("minute 0");
        InstanceLog.Excerpt few = log.tail(4, Instant.parse("2026-11-23T10:50:00Z"));
        assertThat(few.lines()).containsExactly("second line", "minute 59", "second line", "unfinished");
        assertThat(few.cut()).isTrue();
    }

    @Test
    void aLogThatWasEmptiedByHandDoesNotConfuseTheIndex() throws Exception {
        InstanceLog log = log(new LogLimits(MEGABYTE, 3));
        append(log, "old and long\n".repeat(100));
        LogKeeper keeper = keeper(log, LogCutter.COLLAPSE);
        keeper.look();
        LogFollower follower = log.followFromEnd();
        Instant then = Instant.now();
        Files.writeString(log.path(), "new\n", StandardOpenOption.TRUNCATE_EXISTING);
        keeper.look();

        assertThat(follower.poll().lines()).containsExactly("new");
        assertThat(log.tail(100, then.minusSeconds(60)).lines()).containsExactly("new");
        append(log, "newer\n");
        assertThat(follower.poll().lines()).containsExactly("newer");

        // and while nobody looked
        Files.writeString(log.path(), "x\n", StandardOpenOption.TRUNCATE_EXISTING);
        keeper(log, LogCutter.COLLAPSE).look();
        assertThat(log.tail(100, then.minusSeconds(60)).lines()).containsExactly("x");
    }

    @Test
    void theIndexStaysSmallAndIsVaguerTheLongerAgoSomethingIs() {
        var random = new Random(3);
        List<LogIndex.Entry> entries = new ArrayList<>();
        long now = 0;
        long offset = 0;
        for (int i = 0; i < 300_000; i++) {
            now += 2_000 + random.nextInt(50);
            offset += random.nextInt(1_000);
            entries.add(new LogIndex.Entry(now, offset));
            if (entries.size() > LogIndex.MOST) {
                entries = new ArrayList<>(LogIndex.thinned(entries, 1_000_000, now));
                assertThat(entries).hasSizeLessThan(LogIndex.MOST / 2);
            }
        }
        assertThat(entries.get(1).offset()).isGreaterThan(1_000_000);
        for (int i = 1; i < entries.size(); i++) {
            long apart = entries.get(i).millis() - entries.get(i - 1).millis();
            long age = now - entries.get(i - 1).millis();
            assertThat(apart).isLessThan(2_100 + age / 100);
        }
    }

    @Test
    void aBrokenIndexOnlyMakesAnswersVaguer() throws IOException {
        InstanceLog log = log(new LogLimits(MEGABYTE, 3));
        append(log, "one\ntwo\n");
        var random = new Random(11);
        for (int round = 0; round < 200; round++) {
            byte[] garbage = new byte[random.nextInt(200)];
            random.nextBytes(garbage);
            Files.write(directory.resolve("shop-1.log.index"), garbage);
            assertThat(log.tail(10, Instant.EPOCH).lines()).containsExactly("one", "two");
            keeper(log, LogCutter.COLLAPSE).look();
            assertThat(log.tail(10)).hasSize(2);
            assertThat(log.tail(10, Instant.EPOCH).lines()).containsExactly("one", "two");
        }
    }

    /** Whether the file system of the test can take out blocks. */
    private boolean collapses() throws IOException {
        Path probe = directory.resolve("probe");
        Files.write(probe, new byte[200_000]);
        try {
            LogCutter.COLLAPSE.cut(probe, 131_072);
            return true;
        } catch (IOException cannot) {
            return false;
        }
    }

    /** How often a line does not follow its predecessor; the first half of a line that was cut is none. */
    private static int gaps(List<String> lines) {
        int gaps = 0;
        long last = -1;
        for (String line : lines) {
            Matcher numbered = NUMBERED.matcher(line);
            long number = numbered.matches() ? Long.parseLong(numbered.group(1)) : -1;
            if (number > last) {
                gaps += number == last + 1 ? 0 : 1;
                last = number;
            }
        }
        return gaps;
    }

    private static long missing(List<String> lines) {
        return lines.stream()
                .map(MISSING::matcher)
                .filter(Matcher::matches)
                .mapToLong(found -> Long.parseLong(found.group(1)))
                .sum();
    }

    /** Writes as a service does, whose output is opened for appending. */
    private Process writer(InstanceLog log, String script) throws IOException {
        return new ProcessBuilder("sh", "-c", script)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.path().toFile()))
                .redirectErrorStream(true)
                .start();
    }

    /** What the log takes on the disk, with all that belongs to it. */
    private long used() {
        try (Stream<Path> files = Files.list(directory)) {
            long sum = 0;
            for (Path file : files.filter(
                            each -> String.valueOf(each.getFileName()).contains(".log"))
                    .toList()) {
                try {
                    sum += Files.size(file);
                } catch (IOException removed) {
                    sum += 0;
                }
            }
            return sum;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
