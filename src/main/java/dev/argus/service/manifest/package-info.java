/** Reads what a checked-out repository says of its service, and finds out what it does not say. */
@NullMarked
package dev.argus.service.manifest;

import org.jspecify.annotations.NullMarked;
