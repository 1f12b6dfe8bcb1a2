package dev.argus.service;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Splits a command as people write it into words: blanks separate, single and double quotes and the backslash keep together.
 *
 * <p>There is no shell: what would need one is refused rather than passed on as a word with another meaning. The port may be
 * written as {@code {port}}, {@code $PORT}, {@code ${PORT}} or {@code ${PORT:-8080}}; a leading {@code exec} is dropped.
 */
final class CommandText {
    private static final int LONGEST = 8_192;
    private static final Pattern PORT_VARIABLE = Pattern.compile("\\$(?:PORT(?![A-Za-z0-9_])|\\{PORT(?::?-[^}]*)?})");
    private static final Pattern ASSIGNMENT = Pattern.compile("([A-Za-z_][A-Za-z0-9_]*)=(.*)", Pattern.DOTALL);
    private static final String SHELL_SIGNS = ";&|<>()`";

    private final String field;
    private final String text;
    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private boolean inWord;
    private int position;

    CommandText(String field, String text) {
        this.field = field;
        this.text = text;
    }

    CommandLine parse() {
        if (text.length() > LONGEST) {
            throw new InvalidValue(field, field + " must have at most " + LONGEST + " characters.");
        }
        if (text.indexOf('\0') >= 0) {
            throw new InvalidValue(field, field + " has a NUL character in it; remove it.");
        }
        split(text.strip());
        return command();
    }

    private void split(String line) {
        while (position < line.length()) {
            char sign = line.charAt(position);
            switch (sign) {
                case ' ', '\t' -> {
                    endWord();
                    position++;
                }
                case '\'' -> singleQuoted(line);
                case '"' -> doubleQuoted(line);
                case '\\' -> escaped(line);
                case '$' -> variable(line);
                default -> plain(sign);
            }
        }
        endWord();
    }

    private void plain(char sign) {
        if (SHELL_SIGNS.indexOf(sign) >= 0 || sign == '\n' || sign == '\r') {
            throw needsShell(sign == '\n' || sign == '\r' ? "more than one line" : "\"" + sign + "\"");
        }
        add(sign);
        position++;
    }

    private void singleQuoted(String line) {
        int end = line.indexOf('\'', position + 1);
        if (end < 0) {
            throw unfinished("'");
        }
        word.append(line, position + 1, end);
        inWord = true;
        position = end + 1;
    }

    private void doubleQuoted(String line) {
        inWord = true;
        position++;
        while (position < line.length() && line.charAt(position) != '"') {
            char sign = line.charAt(position);
            if (sign == '$') {
                variable(line);
            } else if (sign == '`') {
                throw needsShell("\"`\"");
            } else if (sign == '\\'
                    && position + 1 < line.length()
                    && "\\\"$`".indexOf(line.charAt(position + 1)) >= 0) {
                add(line.charAt(position + 1));
                position += 2;
            } else {
                add(sign);
                position++;
            }
        }
        if (position >= line.length()) {
            throw unfinished("\"");
        }
        position++;
    }

    private void escaped(String line) {
        if (position + 1 >= line.length()) {
            throw unfinished("\\");
        }
        add(line.charAt(position + 1));
        position += 2;
    }

    private void variable(String line) {
        Matcher port = PORT_VARIABLE.matcher(line).region(position, line.length());
        if (!port.lookingAt()) {
            throw needsShell("\"$\"");
        }
        word.append(CommandLine.PORT);
        inWord = true;
        position = port.end();
    }

    private void add(char sign) {
        word.append(sign);
        inWord = true;
    }

    private void endWord() {
        if (inWord) {
            words.add(word.toString());
            word.setLength(0);
            inWord = false;
        }
    }

    private CommandLine command() {
        Map<String, String> environment = new LinkedHashMap<>();
        int first = 0;
        while (first < words.size()) {
            Matcher assignment = ASSIGNMENT.matcher(words.get(first));
            if (!assignment.matches()) {
                break;
            }
            environment.put(assignment.group(1), assignment.group(2));
            first++;
        }
        if (first < words.size() && words.get(first).equals("exec")) {
            first++;
        }
        if (first >= words.size() || words.get(first).isEmpty()) {
            throw new InvalidValue(field, field + " names no program; write for example \"./app {port}\".");
        }
        return new CommandLine("", environment, words.subList(first, words.size()));
    }

    private InvalidValue needsShell(String what) {
        return new InvalidValue(
                field, field + " has " + what + " in it, but Argus runs no shell; put it into a script and name that.");
    }

    private InvalidValue unfinished(String sign) {
        return new InvalidValue(
                field, field + " has a " + sign + " that nothing follows or closes; close or remove it.");
    }
}
