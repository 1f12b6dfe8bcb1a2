/** Typed messages between verticles. */
@NullMarked
package dev.argus.bus;

import org.jspecify.annotations.NullMarked;
