/**
 * Makes releases and puts them live: checkout, build, start, verify, switch, drain, stop, prune.
 *
 * <p>{@link dev.argus.deploy.DeployVerticle} owns the deployments in flight and their queue; {@link dev.argus.deploy.Pipeline} is
 * one deployment as straight-line code on a virtual thread of its own.
 */
@NullMarked
package dev.argus.deploy;

import org.jspecify.annotations.NullMarked;
