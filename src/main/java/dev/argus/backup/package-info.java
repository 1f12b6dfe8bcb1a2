/**
 * One file with everything that a bare host needs to take over: {@link dev.argus.backup.Backup} writes it while the server runs,
 * {@link dev.argus.backup.Restore} makes a data directory of it. It is a compressed tar archive, which begins with a
 * {@link dev.argus.backup.Manifest}.
 */
@NullMarked
package dev.argus.backup;

import org.jspecify.annotations.NullMarked;
