/**
 * Gets source from git repositories: blocking code, to be called from virtual threads, behind {@link dev.argus.deploy.git.GitSource}.
 *
 * <p>A repository is never trusted: no hook, filter or configuration of it is used, and nothing is written outside the folder
 * that the caller names.
 */
@NullMarked
package dev.argus.deploy.git;

import org.jspecify.annotations.NullMarked;
