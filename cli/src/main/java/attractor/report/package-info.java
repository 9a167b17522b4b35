/**
 * Reports of studies: {@code summary.json}, figures and {@code report.md}, from the tables of a study's folder. The numbers are computed by
 * {@link attractor.study}, the figures drawn by {@link attractor.figure}; nothing here trains or measures a network.
 */
package attractor.report;
