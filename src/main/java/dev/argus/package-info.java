/** Argus, the watchman service: the commands of the server and the composition of its parts. */
@NullMarked
package dev.argus;

import org.jspecify.annotations.NullMarked;
