/**
 * What a service is: its name, where its source is and how it wants to be built, started and watched.
 *
 * <p>Everything here is an immutable value with its check; reading repositories is in {@code dev.argus.service.manifest}.
 */
@NullMarked
package dev.argus.service;

import org.jspecify.annotations.NullMarked;
