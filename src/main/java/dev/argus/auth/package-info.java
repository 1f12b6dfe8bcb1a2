/**
 * Who may do what: users, tokens, roles, one-time sign-in links.
 *
 * <p>{@link dev.argus.auth.AuthVerticle} owns the state; {@link dev.argus.auth.Accounts} has its SQL, which the command line
 * uses on the same file while the server runs or not.
 */
@NullMarked
package dev.argus.auth;

import org.jspecify.annotations.NullMarked;
