/**
 * Who did what, and what Argus did by itself: records that follow one another in a chain, each holding the hash of the one before, so that what was
 * changed or taken out afterwards is found.
 *
 * <p>{@link dev.argus.audit.AuditVerticle} owns them; {@link dev.argus.audit.AuditRecords} has their SQL, with which the command line on the host adds its
 * own in the transaction of what it does.
 */
@NullMarked
package dev.argus.audit;

import org.jspecify.annotations.NullMarked;
