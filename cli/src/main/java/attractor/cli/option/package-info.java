/**
 * Options that several commands share, as picocli's mixins, and the parsing of their values: each turns words into the objects of core or refuses them in
 * one line. Options of a single command stand in the command. Nothing here prints results; only {@link attractor.cli.option.StudyOptions} runs anything.
 */
package attractor.cli.option;
