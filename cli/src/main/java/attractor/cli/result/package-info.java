/**
 * What commands write: the files, JSON and summary of an analysis, tables of scores, and the folder that appears whole or not at all. Computes nothing of
 * its own and knows no options; figures are {@link attractor.figure}'s, what studies come to {@link attractor.report}'s.
 */
package attractor.cli.result;
