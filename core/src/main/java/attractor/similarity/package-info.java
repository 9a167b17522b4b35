/**
 * How networks differ: distances between their dynamics, their trajectories, their spectra, and their graphs of attractors,
 * none of which depends on the order of units or on a rotation of their space (that of the spectra on no orthogonal one);
 * and, of many networks, clusters and maps. A {@link attractor.similarity.Fingerprint} has what is needed of one network, so
 * that a pair costs little. Needs EJML, as {@link attractor.analysis} does.
 */
package attractor.similarity;
