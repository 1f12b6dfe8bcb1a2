/** How Argus itself logs: one line an event to stderr, as text or JSON. */
@NullMarked
package dev.argus.log;

import org.jspecify.annotations.NullMarked;
