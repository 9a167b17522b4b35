/**
 * What commands write: the files, JSON and summary of an analysis, tables of scores, and the folder that appears whole or not at all. Computes nothing
 * and knows no options. Figures are drawn by {@link attractor.figure}, reports of studies are written by {@link attractor.report}.
 */
package attractor.cli.result;
