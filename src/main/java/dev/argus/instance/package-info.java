/**
 * Keeps instances as they are wanted: launched, watched, started again, stopped.
 *
 * <p>InstanceVerticle owns the state machine of every instance; its rules are in
 * {@link dev.argus.instance.Transitions} (with the diagram) and {@link dev.argus.instance.RestartPolicy}, which are pure.
 * ProcessVerticle owns the handles of the operating system.
 */
@NullMarked
package dev.argus.instance;

import org.jspecify.annotations.NullMarked;
