/** The machine: what it has and has free. {@link dev.argus.node.NodeVerticle} owns the library that measures it. */
@NullMarked
package dev.argus.node;

import org.jspecify.annotations.NullMarked;
