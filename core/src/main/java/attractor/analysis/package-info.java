/**
 * A trained network taken apart: the spectrum of its weights, principal components of its states, fixed points, and
 * what its states settle on; {@link attractor.analysis.NetworkAnalysis} is all of it. Every analysis is one class with
 * one entry point that returns a record; nothing here draws, prints or compares networks, which is {@link attractor.study}'s.
 *
 * <p>Needs EJML, {@code org.ejml:ejml-ddense:0.46.1}, which core declares as optional: without it on the class path an
 * analysis throws an {@link java.lang.IllegalStateException} that names the artifact;
 * {@link attractor.analysis.Retention}, {@link attractor.analysis.PulseTrains} and every
 * {@link attractor.analysis.Lesion} but a mode do without. EJML's settings for concurrency are neither used nor
 * changed: everything but {@link attractor.analysis.NetworkAnalysis} runs in the calling thread.
 */
package attractor.analysis;
