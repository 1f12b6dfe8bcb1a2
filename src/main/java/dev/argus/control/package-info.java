/**
 * The processes of instances, as the other features speak of them: launched, stopped, adopted, measured, and told of when they end.
 *
 * <p>ProcessVerticle owns the handles of the operating system, which {@link dev.argus.process} knows how to use. It decides nothing: when
 * an instance runs is decided in {@code dev.argus.instance}.
 */
@NullMarked
package dev.argus.control;

import org.jspecify.annotations.NullMarked;
