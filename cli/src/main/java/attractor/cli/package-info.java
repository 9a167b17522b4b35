/**
 * The commands, one class each, and {@link attractor.cli.Main}, which runs them. What several commands share is in packages below: their
 * options in {@link attractor.cli.option}, their results in {@link attractor.cli.result}, exit codes and progress in {@link attractor.cli.terminal}. No
 * command uses another command or {@code Main}, and none computes results: core does.
 */
package attractor.cli;
