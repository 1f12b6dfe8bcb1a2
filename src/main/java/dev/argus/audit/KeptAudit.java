package dev.argus.audit;

/**
 * A record as it is kept.
 *
 * @param sequence its number; they have no gaps
 * @param hash of this and, through the one before, of all earlier ones; empty where it is older than the chain
 */
public record KeptAudit(long sequence, AuditEntry entry, String hash) {}
