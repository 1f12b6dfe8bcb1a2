package dev.argus.deploy;

import java.util.Locale;

/** The steps of a deployment, in their order. */
public enum StepName {
    /** Fetches the repository and writes the revision into a new release. */
    CHECKOUT,
    /** Builds the release. */
    BUILD,
    /** Starts its instances. */
    START,
    /** Waits until they are healthy. */
    VERIFY,
    /** Makes the release the live one: the commit point. */
    SWITCH,
    /** Lets the old instances finish what they do. */
    DRAIN,
    /** Keeps the old instances ready, to go back to them if the new ones fail soon. */
    BAKE,
    /** Stops the old instances. */
    STOP,
    /** Removes the releases that are not kept. */
    PRUNE;

    /** The word clients see. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
