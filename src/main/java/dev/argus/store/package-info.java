/**
 * The durable state: one SQLite file, written by one connection.
 *
 * <p>{@link dev.argus.store.StoreVerticle} owns the connection. Features keep the SQL of their own tables and send it as
 * {@link dev.argus.store.StoreCommand}; an answered write is on the disk. Only this package knows {@code java.sql}.
 */
@NullMarked
package dev.argus.store;

import org.jspecify.annotations.NullMarked;
