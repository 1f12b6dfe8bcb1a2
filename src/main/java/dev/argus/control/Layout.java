package dev.argus.control;

import dev.argus.process.InstanceLog;
import dev.argus.process.RunDirectory;
import java.nio.file.Path;

/** Where things of services lie in the data directory (contract, section 7). */
public record Layout(Path dataDirectory) {

    /** All of one service. */
    public Path service(String name) {
        return dataDirectory.resolve("services").resolve(name);
    }

    /** Its bare clone. */
    public Path repository(String name) {
        return service(name).resolve("repository.git");
    }

    /** The checkout and build output of one release. */
    public Path release(String name, int number) {
        return service(name).resolve("releases").resolve(Integer.toString(number));
    }

    /** The link to the live release. */
    public Path current(String name) {
        return service(name).resolve("current");
    }

    /** What outlives releases. */
    public Path data(String name) {
        return service(name).resolve("data");
    }

    /** The logs of its instances and builds. */
    public Path logs(String name) {
        return service(name).resolve("logs");
    }

    /** The output of the build of a release. */
    public Path buildLog(String name, int number) {
        return logs(name).resolve("build-" + number + ".log");
    }

    /** The log of one instance. */
    public InstanceLog log(String name, String instance) {
        return new InstanceLog(logs(name), instance);
    }

    /** The records of one instance's processes. */
    public RunDirectory run(String name, String instance) {
        return new RunDirectory(service(name).resolve("run").resolve(instance));
    }
}
