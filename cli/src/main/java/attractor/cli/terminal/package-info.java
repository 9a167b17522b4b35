/**
 * The program as seen from a terminal: its name and exit codes, progress, Ctrl-C, and text that a terminal can be shown. Knows nothing of options,
 * commands or results.
 */
package attractor.cli.terminal;
