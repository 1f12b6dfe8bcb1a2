/** The commands of {@code argus-server}. Each is small: it reads its options, calls a feature, prints, and gives an exit status. */
@NullMarked
package dev.argus.command;

import org.jspecify.annotations.NullMarked;
