package dev.argus.history;

/**
 * An entry as it is kept.
 *
 * @param id rises with every entry
 */
public record KeptEntry(long id, Entry entry) {}
