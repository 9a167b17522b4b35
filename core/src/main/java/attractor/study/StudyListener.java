package attractor.study;

/** Is told how a study goes, on the threads of its workers, several at once. A listener must not throw: it would end the study, or have a run recorded as failed. */
public interface StudyListener {

    /** Does nothing. */
    StudyListener NONE = new StudyListener() {};

    /**
     * The work is about to begin.
     *
     * @param toDo what this process has to do at most, in some unit
     * @param runs number of runs among them
     * @param done number of the share's runs that were finished before
     */
    default void begun(double toDo, int runs, int done) {}

    /**
     * A run that an earlier call had begun goes on.
     *
     * @param amount how much less there is to do than said at the beginning, in the same unit
     */
    default void spared(double amount) {}

    /**
     * A run advances.
     *
     * @param amount how much of what there is to do was done since the last call, in the same unit
     */
    default void advanced(double amount) {}

    /**
     * A run has ended.
     *
     * @param status how
     * @param reason why it failed or diverged, one line; otherwise null
     * @param seconds how long it took here
     */
    default void ended(StudyRun run, StudyFolder.Status status, String reason, double seconds) {}
}
