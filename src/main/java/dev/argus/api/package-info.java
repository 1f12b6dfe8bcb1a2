/**
 * The HTTP side: REST by the contract {@code openapi/argus.yaml}, event streams, the dashboard's files.
 *
 * <p>{@link dev.argus.api.ApiVerticle} owns no state: everything is asked of its owner over the bus. Who may do what is decided
 * in one place, {@link dev.argus.api.Gate}, from the role that the contract names for each operation.
 */
@NullMarked
package dev.argus.api;

import org.jspecify.annotations.NullMarked;
