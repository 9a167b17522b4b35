/** The command line: one class per command, and {@link attractor.cli.Main}, which runs them. */
package attractor.cli;
