package dev.argus.config;

import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong with a file, so that all of it is told at once. */
final class Problems {
    private final List<String> sentences = new ArrayList<>();

    void add(String path, String sentence) {
        sentences.add(path + ": " + sentence);
    }

    List<String> sentences() {
        return List.copyOf(sentences);
    }
}
