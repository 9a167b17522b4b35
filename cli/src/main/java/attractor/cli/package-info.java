/** The command line: one class a command, and {@link attractor.cli.Main}, which runs them. */
package attractor.cli;
