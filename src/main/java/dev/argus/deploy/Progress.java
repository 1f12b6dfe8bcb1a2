package dev.argus.deploy;

/** Is told how a deployment goes on; called on the deployment's own thread, never waits. */
interface Progress {

    /** The deployment is now so; {@code step} is what has changed, or nothing in particular when it is over. */
    void changed(Deployment deployment, @org.jspecify.annotations.Nullable Step step);

    /** Argus ends, and the next one goes on with the deployment where it is. */
    void left();

    /** The build has written a line. */
    void output(Deployment deployment, String line);

    /** There is a new release. */
    void built(Release release);

    /** A release is no longer kept. */
    void pruned(String service, int number);
}
