/**
 * Services: what they are called, what is asked of them, what their repositories say, and what is wanted of them.
 *
 * <p>{@link dev.argus.service.CatalogVerticle} owns the desired state: it is changed there and nowhere else.
 */
@NullMarked
package dev.argus.service;

import org.jspecify.annotations.NullMarked;
