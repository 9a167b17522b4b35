/** The results of studies: summaries, figures and reports, made from their tables. */
package attractor.report;
