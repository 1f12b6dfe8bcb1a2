package dev.argus.process;

import java.util.List;

/**
 * What was found of an instance at the scene.
 *
 * @param processes what lived of it, oldest first
 * @param log the end of its log, oldest line first
 * @param dump what it wrote when it was asked for a thread dump
 * @param notes what is worth knowing of the gathering itself, in sentences, such as what could not be seen
 */
public record Evidence(List<ProcessEvidence> processes, List<String> log, List<String> dump, List<String> notes) {
    /** Copies the lists. */
    public Evidence {
        processes = List.copyOf(processes);
        log = List.copyOf(log);
        dump = List.copyOf(dump);
        notes = List.copyOf(notes);
    }

    /** Nothing, for that reason. */
    public static Evidence none(String why) {
        return new Evidence(List.of(), List.of(), List.of(), List.of(why));
    }
}
