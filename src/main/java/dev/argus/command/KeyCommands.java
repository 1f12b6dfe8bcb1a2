package dev.argus.command;

import dev.argus.auth.SigningKeys;
import dev.argus.auth.Tokens;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The keys that sign tokens, on the files of the host. */
@Command(
        name = "keys",
        mixinStandardHelpOptions = true,
        description = "Shows and rotates the keys that sign tokens.",
        subcommands = {KeyCommands.Rotate.class, KeyCommands.ListAll.class})
public final class KeyCommands implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /** Makes a new key. */
    @Command(
            name = "rotate",
            mixinStandardHelpOptions = true,
            description = "Makes a new key; tokens of the former one stay good until they end or the next rotation.")
    static final class Rotate implements Runnable {
        @Mixin
        private final ConfigOptions options = new ConfigOptions();

        @Option(
                names = "--forget-former",
                description =
                        "Ends all tokens that there are, within two seconds; for a key that somebody may have seen.")
        private boolean forgetFormer;

        @Spec
        @SuppressWarnings("NullAway.Init")
        private CommandSpec spec;

        @Override
        public void run() {
            try (var office = new Office(options.load().dataDirectory())) {
                SigningKeys keys = office.rotateKeys(!forgetFormer);
                spec.commandLine()
                        .getOut()
                        .println("New tokens are signed by the key " + SigningKeys.fingerprint(keys.publicPem()) + "; "
                                + (forgetFormer
                                        ? "all tokens from before have ended, so make new ones."
                                        : "those from before stay good until they end or the next rotation, the last of them at most "
                                                + Tokens.LONGEST_VALIDITY.toDays() + " days."));
            }
        }
    }

    /** Shows the live keys. */
    @Command(name = "list", mixinStandardHelpOptions = true, description = "Shows the fingerprints of the live keys.")
    static final class ListAll implements Runnable {
        @Mixin
        private final ConfigOptions options = new ConfigOptions();

        @Spec
        @SuppressWarnings("NullAway.Init")
        private CommandSpec spec;

        @Override
        public void run() {
            var out = spec.commandLine().getOut();
            try (var office = new Office(options.load().dataDirectory())) {
                SigningKeys keys = office.keys();
                out.println(SigningKeys.fingerprint(keys.publicPem()) + "  signs and accepts");
                if (keys.formerPublicPem() != null) {
                    out.println(SigningKeys.fingerprint(keys.formerPublicPem()) + "  accepts");
                }
            }
        }
    }
}
