/** What studies come to: summaries, figures and reports, from their tables. */
package attractor.report;
