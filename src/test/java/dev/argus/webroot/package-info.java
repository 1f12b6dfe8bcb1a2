/** The dashboard in a real browser, against a stand-in for the server whose answers the tests script. */
@NullMarked
package dev.argus.webroot;

import org.jspecify.annotations.NullMarked;
