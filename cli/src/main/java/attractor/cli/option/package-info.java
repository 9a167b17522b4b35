/**
 * Options that several commands share, as picocli's mixins, and the parsing of their values: each turns words into the objects of core or refuses them in
 * one line. Options of a single command are in that command's class. Nothing here prints results; only {@link attractor.cli.option.StudyOptions} runs anything.
 */
package attractor.cli.option;
