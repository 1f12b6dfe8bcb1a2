/**
 * What has happened to services, kept in bounded space: one timeline for each over all its releases, and its incidents with their evidence.
 *
 * <p>HistoryVerticle hears the events of the other features and owns both. Nobody waits for it: what it writes goes through a bounded queue
 * ({@link dev.argus.history.Ledger}). What makes an entry is decided by {@link dev.argus.history.Changes}, what evidence means by
 * {@link dev.argus.history.Findings}; both are pure.
 */
@NullMarked
package dev.argus.history;

import org.jspecify.annotations.NullMarked;
