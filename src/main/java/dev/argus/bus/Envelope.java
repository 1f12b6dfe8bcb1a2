package dev.argus.bus;

/** An answer on the bus; lets an answer be of any immutable type, with one codec for all. */
record Envelope(Object content) implements Message {}
