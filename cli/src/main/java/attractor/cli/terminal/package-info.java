/**
 * The program as seen from a terminal: its name and exit codes, progress, Ctrl-C, and text that is safe to show. Knows nothing about options,
 * commands or results.
 */
package attractor.cli.terminal;
