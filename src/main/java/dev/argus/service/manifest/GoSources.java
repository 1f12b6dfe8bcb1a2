package dev.argus.service.manifest;

import dev.argus.service.InvalidValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The Go files and modules of a checkout: tests, vendored and hidden folders left out, no link followed, and no more looked at
 * than 4000 files of at most 1 MiB in 12 levels.
 *
 * @param modules for each folder with a {@code go.mod}, relative with slashes, the text of that file
 */
record GoSources(List<GoFile> files, TreeMap<String, String> modules) {
    private static final int MOST_FILES = 4_000;
    private static final int DEEPEST = 12;
    private static final long LARGEST = 1 << 20;
    private static final Set<String> LEFT_OUT = Set.of("vendor", "testdata", "node_modules", "third_party");

    /** Searches the checkout. */
    static GoSources in(Path root) {
        var files = new ArrayList<GoFile>();
        var modules = new TreeMap<String, String>();
        try {
            Files.walkFileTree(
                    root, EnumSet.noneOf(java.nio.file.FileVisitOption.class), DEEPEST, new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                            String name = String.valueOf(folder.getFileName());
                            boolean hidden = name.startsWith(".") || name.startsWith("_") || LEFT_OUT.contains(name);
                            return hidden && !folder.equals(root)
                                    ? FileVisitResult.SKIP_SUBTREE
                                    : FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                            String name = String.valueOf(file.getFileName());
                            if (!attributes.isRegularFile() || attributes.size() > LARGEST) {
                                return FileVisitResult.CONTINUE;
                            }
                            String folder = slashed(root.relativize(file.resolveSibling("")));
                            if (name.equals("go.mod")) {
                                modules.put(folder, text(file));
                            } else if (name.endsWith(".go")
                                    && !name.endsWith("_test.go")
                                    && !name.startsWith("_")
                                    && !name.startsWith(".")) {
                                files.add(GoFile.of(folder, name, text(file)));
                            }
                            return files.size() < MOST_FILES ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
                        }
                    });
        } catch (IOException e) {
            throw new InvalidValue("", "The Go files of the repository cannot be read (" + e.getMessage() + ").");
        }
        return new GoSources(List.copyOf(files), modules);
    }

    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }

    private static String slashed(Path relative) {
        return relative.toString().replace('\\', '/');
    }

    boolean isEmpty() {
        return files.isEmpty();
    }

    /** The files of the module in {@code folder}, their folders relative to it, without those of modules further in. */
    List<GoFile> filesOf(String folder) {
        return files.stream()
                .filter(file -> isWithin(file.folder(), folder)
                        && moduleOf(file.folder()).equals(folder))
                .map(file -> new GoFile(
                        inside(file.folder(), folder), file.packageName(), file.builds(), file.imports(), file.text()))
                .toList();
    }

    private String moduleOf(String folder) {
        String found = "";
        for (String module : modules.keySet()) {
            if (isWithin(folder, module) && module.length() >= found.length()) {
                found = module;
            }
        }
        return found;
    }

    private static boolean isWithin(String folder, String outer) {
        return outer.isEmpty() || folder.equals(outer) || folder.startsWith(outer + "/");
    }

    private static String inside(String folder, String outer) {
        return outer.isEmpty() ? folder : folder.equals(outer) ? "" : folder.substring(outer.length() + 1);
    }

    /** The folders in which a program is, relative to the module. */
    static TreeSet<String> mains(List<GoFile> files) {
        var mains = new TreeSet<String>();
        files.stream().filter(GoFile::isMain).map(GoFile::folder).forEach(mains::add);
        return mains;
    }
}
