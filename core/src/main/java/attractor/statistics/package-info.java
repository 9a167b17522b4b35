/**
 * Inference for studies of many networks: proportions and their differences, 2 x 2 tables, logistic regression, rank
 * correlation, and summaries of samples. Which networks are compared, and in what, is {@link attractor.study}'s.
 *
 * <p>Each class has a static entry point that returns a record. Nothing here has state, so everything is safe for any
 * thread. Needs only the JDK; transcendental functions are {@link java.lang.StrictMath}'s and sums run in a fixed
 * order, so that results have the same bits on every JDK. p-values are two-sided. Interval levels are confidence levels
 * strictly between 0 and 1, such as 0.95.
 *
 * <p>Standard deviations, here and in all results, are those of samples (of trials, draws or networks): the sum of
 * squares is divided by n - 1, and the result is NaN (an empty cell, {@code null}) for a single value. The weights of
 * one network are not a sample: their standard deviation divides by n, as in the maximum-likelihood normal fit.
 */
package attractor.statistics;
