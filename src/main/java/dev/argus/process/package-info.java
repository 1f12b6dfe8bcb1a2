/**
 * Everything that touches operating-system processes: starting one so that it outlives Argus, knowing it again by more than its pid,
 * seeing it end, finding and stopping all that belongs to an instance, its log file, its ports and its use of the machine.
 *
 * <p>No verticle owns state here and no type of Vert.x is known: the classes are called from workers and virtual threads.
 *
 * <pre>
 *   LaunchSpec → Launcher → PreparedLaunch → sh (the shim, leader of a session) → the service
 *                                │   ↑          ├ run/INSTANCE/exit
 *                                │   └ channel ─┘  told of each end, says "again"
 *                             Shim ← ExitWatcher (pidfds, channels) → ExitListener.exited(Exit)
 *
 *   after a restart of Argus:  RunDirectory.adopt() → Adopted → ExitWatcher.watch
 * </pre>
 */
@NullMarked
package dev.argus.process;

import org.jspecify.annotations.NullMarked;
