package attractor.cli.terminal;

/** Exit codes of the program. */
public final class ExitCode {
    /** The work is done. */
    public static final int DONE = 0;

    /** The work failed: for example, a file can't be read, or a network diverged. */
    public static final int FAILED = 1;

    /** The command line is wrong. */
    public static final int WRONG_USE = 2;

    /** Something is left that other processes do, or have yet to do: ask again later. */
    public static final int ELSEWHERE = 3;

    /** Stopped by Ctrl-C, with the code that shells use; what was done is saved. */
    public static final int INTERRUPTED = 130;

    private ExitCode() {}
}
