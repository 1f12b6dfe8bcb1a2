/** {@code config.json}: one file for server and client, read once at the start, every problem named by its JSON path. */
@NullMarked
package dev.argus.config;

import org.jspecify.annotations.NullMarked;
