package dev.argus.deploy.git;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;
import org.jspecify.annotations.Nullable;

/**
 * What JGit sees of the machine: nothing of the user's and the system's git configuration and no {@code GIT_*} variables, so that
 * a fetch does the same on every server; and nothing is written to the user's home.
 *
 * <p>It also answers how coarse the file system's clock is, with the coarsest that JGit assumes anywhere: measuring it takes JGit
 * seconds at first use, and the answer only decides for how long a changed file is read again rather than trusted.
 */
final class OwnSystemReader extends SystemReader {
    private static final Set<String> VISIBLE_VARIABLES = Set.of("PATH", "HOME", "USER", "LANG", "SSH_AUTH_SOCK");
    private static final Duration COARSEST = Duration.ofSeconds(2);

    private final SystemReader machine = SystemReader.getInstance();

    private OwnSystemReader() {
        setPlatformChecker();
    }

    /** Makes it the one that JGit uses in this process. */
    static synchronized void install() {
        if (!(SystemReader.getInstance() instanceof OwnSystemReader)) {
            SystemReader.setInstance(new OwnSystemReader());
        }
    }

    @Override
    public String getHostname() {
        return "localhost";
    }

    @Override
    public @Nullable String getenv(String variable) {
        return VISIBLE_VARIABLES.contains(variable) ? System.getenv(variable) : null;
    }

    @Override
    public @Nullable String getProperty(String key) {
        return System.getProperty(key);
    }

    @Override
    public FileBasedConfig openUserConfig(@Nullable Config parent, FS fs) {
        return new Unwritten(parent, fs);
    }

    @Override
    public FileBasedConfig openSystemConfig(@Nullable Config parent, FS fs) {
        return new Unwritten(parent, fs);
    }

    @Override
    public FileBasedConfig openJGitConfig(@Nullable Config parent, FS fs) {
        return new Unwritten(parent, fs);
    }

    @Override
    @SuppressWarnings("deprecation") // abstract all the same
    public long getCurrentTime() {
        return Instant.now().toEpochMilli();
    }

    @Override
    @SuppressWarnings("deprecation") // abstract all the same
    public int getTimezone(long when) {
        return (int) TimeUnit.SECONDS.toMinutes(
                getTimeZoneId().getRules().getOffset(Instant.ofEpochMilli(when)).getTotalSeconds());
    }

    @Override
    public ZoneId getTimeZoneId() {
        return machine.getTimeZoneId();
    }

    /** A configuration that has no file. */
    private static final class Unwritten extends FileBasedConfig {
        Unwritten(@Nullable Config parent, FS fs) {
            super(parent, null, fs);
        }

        @Override
        public void load() {}

        @Override
        public void save() {}

        @Override
        public boolean isOutdated() {
            return false;
        }

        @Override
        public long getTimeUnit(
                String section, @Nullable String subsection, String name, long defaultValue, TimeUnit wanted) {
            return section.equals("filesystem")
                    ? wanted.convert(COARSEST)
                    : super.getTimeUnit(section, subsection, name, defaultValue, wanted);
        }
    }
}
