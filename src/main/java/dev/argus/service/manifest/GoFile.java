package dev.argus.service.manifest;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What one Go file says at its top, and its text.
 *
 * @param folder where it is, relative to what was searched, with slashes; empty at the root
 * @param packageName of its package clause; empty where there is none
 * @param builds whether it counts in an ordinary build on this machine
 */
record GoFile(String folder, String packageName, boolean builds, List<String> imports, String text) {
    private static final Pattern SKIPPED = Pattern.compile("(?s)(?:\\s+|//[^\\n]*(?:\\n|$)|/\\*.*?\\*/)*+");
    private static final Pattern PACKAGE = Pattern.compile("package\\s+([\\p{L}_][\\p{L}\\p{N}_]*)\\s*;?");
    private static final Pattern BUILD_LINE = Pattern.compile("(?m)^//go:build\\s+(.*)$");
    private static final Pattern OLD_IGNORE = Pattern.compile("(?m)^//\\s*\\+build\\s+ignore\\s*$");
    private static final Pattern IMPORT =
            Pattern.compile("import\\s*(\\((?<many>[^)]*)\\)|(?<one>[^\"`\\n]*[\"`][^\"`\\n]+[\"`]))\\s*;?");
    private static final Pattern PATH = Pattern.compile("[\"`]([^\"`\\n]+)[\"`]");
    private static final Pattern LINE_COMMENT = Pattern.compile("(?m)//.*$");

    /** Reads the top of the file. */
    static GoFile of(String folder, String name, String text) {
        Matcher skipped = SKIPPED.matcher(text);
        int start = skipped.lookingAt() ? skipped.end() : 0;
        String top = text.substring(0, start);
        Matcher clause = PACKAGE.matcher(text).region(start, text.length());
        boolean found = clause.lookingAt();
        Matcher build = BUILD_LINE.matcher(top);
        boolean holds = build.find()
                ? GoConstraint.holds(build.group(1))
                : !OLD_IGNORE.matcher(top).find();
        return new GoFile(
                folder,
                found ? clause.group(1) : "",
                holds && GoConstraint.fitsName(name),
                found ? imports(text, clause.end()) : List.of(),
                text);
    }

    private static List<String> imports(String text, int from) {
        var imports = new ArrayList<String>();
        int position = from;
        while (true) {
            Matcher skipped = SKIPPED.matcher(text).region(position, text.length());
            position = skipped.lookingAt() ? skipped.end() : position;
            Matcher declaration = IMPORT.matcher(text).region(position, text.length());
            if (!declaration.lookingAt()) {
                return List.copyOf(imports);
            }
            String paths = declaration.group("many") == null ? declaration.group("one") : declaration.group("many");
            Matcher path = PATH.matcher(LINE_COMMENT.matcher(paths).replaceAll(""));
            while (path.find()) {
                imports.add(path.group(1));
            }
            position = declaration.end();
        }
    }

    boolean isMain() {
        return builds && packageName.equals("main");
    }
}
