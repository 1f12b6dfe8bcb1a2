package dev.argus.command;

import dev.argus.auth.SigningKeys;
import dev.argus.auth.Tokens;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The keys that sign tokens, on the files of the host. */
@Command(
        name = "keys",
        mixinStandardHelpOptions = true,
        description = "Shows and rotates the keys that sign tokens.",
        subcommands = {KeyCommands.Rotate.class, KeyCommands.ListAll.class})
public final class KeyCommands extends CommandGroup {
    /** Makes a new key. */
    @Command(
            name = "rotate",
            mixinStandardHelpOptions = true,
            description = "Makes a new key; tokens of the former one stay good until they end or the next rotation.")
    static final class Rotate extends OfficeCommand {
        @Option(
                names = "--forget-former",
                description =
                        "Ends all tokens that there are, within two seconds; for a key that somebody may have seen.")
        private boolean forgetFormer;

        @Override
        int work(Office office, PrintWriter out) {
            SigningKeys keys = office.rotateKeys(!forgetFormer);
            out.println("New tokens are signed by the key " + SigningKeys.fingerprint(keys.publicPem()) + "; "
                    + (forgetFormer
                            ? "all tokens from before have ended, so make new ones."
                            : "those from before stay good until they end or the next rotation, the last of them at most "
                                    + Tokens.LONGEST_VALIDITY.toDays() + " days."));
            return 0;
        }
    }

    /** Shows the live keys. */
    @Command(name = "list", mixinStandardHelpOptions = true, description = "Shows the fingerprints of the live keys.")
    static final class ListAll extends OfficeCommand {
        @Override
        int work(Office office, PrintWriter out) {
            SigningKeys keys = office.keys();
            out.println(SigningKeys.fingerprint(keys.publicPem()) + "  signs and accepts");
            if (keys.formerPublicPem() != null) {
                out.println(SigningKeys.fingerprint(keys.formerPublicPem()) + "  accepts");
            }
            return 0;
        }
    }
}
