package attractor.study;

/**
 * Is informed about the progress of a study, on the workers' threads, several at the same time. A listener must not
 * throw an exception: it would end the study or mark a run as failed.
 */
public interface StudyListener {

    /** Does nothing. */
    StudyListener NONE = new StudyListener() {};

    /**
     * Called before the work begins; once more if at the end a result turns out to be broken that was thought finished.
     *
     * @param toDo largest amount of work of this process, in an arbitrary unit
     * @param runs number of runs of this process
     * @param done number of them that were finished before
     */
    default void begun(double toDo, int runs, int done) {}

    /**
     * Called before the work begins, where folders with trained networks were given.
     *
     * @param runs number of runs whose network is in none of them, so that they train it
     */
    default void untrained(int runs) {}

    /**
     * Called when a run is done again, since its result is broken or missing though its folder is among the finished ones.
     *
     * @param found the file, and what was found, one line
     */
    default void broken(String found) {}

    /**
     * Called when a run goes on that an earlier call had begun.
     *
     * @param amount amount by which the work is less than announced, in the same unit
     */
    default void spared(double amount) {}

    /**
     * Called when a run has advanced.
     *
     * @param amount amount of work since the last call, in the same unit
     */
    default void advanced(double amount) {}

    /**
     * Called when a run has ended.
     *
     * @param status its status
     * @param reason why it failed or diverged, one line; otherwise null
     * @param seconds its time in this process
     */
    default void ended(StudyRun run, StudyFolder.Status status, String reason, double seconds) {}
}
