/**
 * What studies come to, for a reader: {@code summary.json}, figures and {@code report.md}, from the tables of a study's folder. The numbers are the summaries of
 * {@link attractor.study}, the drawings those of {@link attractor.figure}; nothing here trains or measures a network.
 */
package attractor.report;
