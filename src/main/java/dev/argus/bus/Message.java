package dev.argus.bus;

/** Anything that travels on the event bus; every implementation is an immutable record. */
public interface Message {}
