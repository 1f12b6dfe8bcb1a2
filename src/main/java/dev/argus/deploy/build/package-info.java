/** Builds a release: blocking code, to be called from virtual threads; one build at a time for a host is the caller's business. */
@NullMarked
package dev.argus.deploy.build;

import org.jspecify.annotations.NullMarked;
