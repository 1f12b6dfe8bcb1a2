package dev.argus.doctor;

import dev.argus.bus.ArgusException;
import dev.argus.store.StoreFile;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** The data directory, what must stay secret in it, and the store. */
final class DataChecks {
    private static final String DATA = "data directory";
    private static final String SECRETS = "secrets";
    private static final String STORE = "store";

    private DataChecks() {}

    static List<Finding> of(Path directory) {
        if (Files.notExists(directory)) {
            return List.of(Finding.ok(DATA, directory + " is not there yet; Argus makes it at its first start."));
        }
        List<Finding> findings = new ArrayList<>();
        try {
            String owner = attributes(directory).owner().getName();
            findings.add(directory(directory, owner));
            if (!Files.isReadable(directory)) {
                return findings;
            }
            findings.add(secrets(directory, owner));
            findings.add(store(directory));
        } catch (IOException e) {
            findings.add(Finding.problem(
                    DATA,
                    directory + " cannot be looked at (" + e
                            + "); run the doctor as its owner, see docs/installing.md."));
        }
        return findings;
    }

    private static PosixFileAttributes attributes(Path file) throws IOException {
        return Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    private static Finding directory(Path directory, String owner) throws IOException {
        String user = System.getProperty("user.name");
        String rights = PosixFilePermissions.toString(attributes(directory).permissions());
        if (!rights.equals("rwx------")) {
            return Finding.problem(
                    DATA,
                    directory + " has the rights " + rights + ", so that others can get into it; run chmod 700 on it.");
        }
        if (!Files.isReadable(directory) || !Files.isWritable(directory)) {
            return Finding.problem(
                    DATA,
                    directory + " belongs to " + owner + " and this is " + user + "; run this command and Argus as "
                            + owner + ".");
        }
        return Finding.ok(DATA, directory + " belongs to " + owner + " and is for nobody else.");
    }

    /** Keys and the store with what lies beside it: for the owner alone, and all of the same one. */
    private static Finding secrets(Path directory, String owner) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> stores = Files.newDirectoryStream(directory, "argus*.db*")) {
            stores.forEach(files::add);
        }
        Path keys = directory.resolve("keys");
        if (Files.isDirectory(keys)) {
            try (DirectoryStream<Path> all = Files.newDirectoryStream(keys)) {
                all.forEach(files::add);
            }
        }
        for (Path file : files) {
            var found = attributes(file);
            if (!found.owner().getName().equals(owner)) {
                return Finding.problem(
                        SECRETS,
                        file + " belongs to " + found.owner().getName() + " and the data directory to " + owner
                                + "; run chown " + owner + " on it, and commands of argus-server as " + owner + ".");
            }
            String rights = PosixFilePermissions.toString(found.permissions());
            if (!rights.endsWith("------")) {
                return Finding.problem(
                        SECRETS,
                        file + " has the rights " + rights + " and others can read it; run chmod 600 on it"
                                + " and, if somebody may have, argus-server keys rotate --forget-former.");
            }
        }
        return Finding.ok(SECRETS, "The keys and the store can be read by " + owner + " alone.");
    }

    private static Finding store(Path directory) {
        try {
            return StoreFile.look(directory)
                    .map(found -> Finding.ok(
                            STORE,
                            "The store is whole and of schema " + found.schema() + "; this Argus knows "
                                    + StoreFile.newestSchema() + "."))
                    .orElseGet(() -> Finding.ok(STORE, "There is no store yet; Argus makes it at its first start."));
        } catch (ArgusException e) {
            return Finding.problem(STORE, e.sentence());
        }
    }
}
