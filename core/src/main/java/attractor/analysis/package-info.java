/**
 * Analyses of a trained network: the spectrum of its weights, principal components of its states, fixed points, and
 * attractors; {@link attractor.analysis.NetworkAnalysis} runs them all. Every analysis is one class with one entry
 * point that returns a record; nothing here draws or prints.
 *
 * <p>Needs EJML, {@code org.ejml:ejml-ddense:0.46.1}, which core declares as optional: without it on the class path an
 * analysis throws an {@link java.lang.IllegalStateException} that names the artifact;
 * {@link attractor.analysis.Holding}, {@link attractor.analysis.PulseTrains} and every
 * {@link attractor.analysis.Lesion} except a mode work without it. EJML's settings for concurrency are neither used nor
 * changed: everything except {@link attractor.analysis.NetworkAnalysis} runs in the calling thread.
 */
package attractor.analysis;
