/**
 * The commands, one class each, and {@link attractor.cli.Main}, which runs them. What several commands share stands below: {@link
 * attractor.cli.option} what they are told, {@link attractor.cli.result} what they write, {@link attractor.cli.terminal} exit codes and progress. No
 * command uses another or {@code Main}; what a network or a study is worth is computed in core.
 */
package attractor.cli;
