package dev.argus.deploy.git;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Which of two tags looks newer: by the numbers in them, and a version before its own candidates. Tags without any number come last. Pure. */
final class TagOrder {
    static final Comparator<String> NEWEST_FIRST = Comparator.comparing(TagOrder::version, TagOrder::compareVersions)
            .reversed()
            .thenComparing(Comparator.naturalOrder());

    /** Letters behind the first numbers make it a candidate, as in 1.0-rc.2; not those before them, as in v1.0. */
    private static final Pattern VERSION = Pattern.compile("^[^0-9]*([0-9]+(?:[._-][0-9]+)*)(.*)$", Pattern.DOTALL);

    private static final Pattern NUMBER = Pattern.compile("[0-9]+");
    private static final Pattern WORD = Pattern.compile("[a-z]+");

    private TagOrder() {}

    /**
     * What is compared of a tag; all empty where it has no number.
     *
     * @param numbers without leading zeros
     * @param word of a candidate: {@code alpha beta rc}; empty for a release
     * @param candidate the numbers behind that word
     */
    private record Version(List<String> numbers, String word, List<String> candidate) {}

    private static Version version(String tag) {
        var matcher = VERSION.matcher(tag);
        if (!matcher.matches()) {
            return new Version(List.of(), "", List.of());
        }
        String rest = matcher.group(2).toLowerCase(Locale.ROOT);
        var word = WORD.matcher(rest);
        return new Version(numbers(matcher.group(1)), word.find() ? word.group() : "", numbers(rest));
    }

    private static List<String> numbers(String text) {
        return NUMBER.matcher(text)
                .results()
                .map(MatchResult::group)
                .map(number -> number.replaceFirst("^0+(?=.)", ""))
                .toList();
    }

    private static int compareVersions(Version one, Version other) {
        int byNumbers = compareNumbers(one.numbers(), other.numbers());
        if (byNumbers != 0) {
            return byNumbers;
        }
        int byRelease = Boolean.compare(one.word().isEmpty(), other.word().isEmpty());
        if (byRelease != 0) {
            return byRelease;
        }
        int byWord = one.word().compareTo(other.word());
        return byWord != 0 ? byWord : compareNumbers(one.candidate(), other.candidate());
    }

    private static int compareNumbers(List<String> one, List<String> other) {
        for (int i = 0; i < Math.min(one.size(), other.size()); i++) {
            // of any length: without leading zeros the longer is the larger
            int byLength = Integer.compare(one.get(i).length(), other.get(i).length());
            int compared = byLength != 0 ? byLength : one.get(i).compareTo(other.get(i));
            if (compared != 0) {
                return compared;
            }
        }
        return Integer.compare(one.size(), other.size());
    }
}
