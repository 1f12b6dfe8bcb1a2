/**
 * Where visitors' requests go: which instances of a service get them, and that none is lost while that changes.
 *
 * <p>What is so is derived, never commanded in detail: the instances of a service's live release that are not being drained are its
 * targets, and those of them that are healthy are ready. From that follows one {@link dev.argus.traffic.RoutingTable}, which a
 * {@link dev.argus.traffic.TrafficSwitch} puts into effect as a whole.
 */
@NullMarked
package dev.argus.traffic;

import org.jspecify.annotations.NullMarked;
