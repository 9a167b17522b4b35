/**
 * Where the behaviour of a network changes as a parameter changes: {@link attractor.bifurcation.BifurcationDiagram}
 * follows fixed points and cycles along an input, a scale of the weights, the time constant or a path between two
 * networks, and locates their bifurcations. Uses {@link attractor.analysis}, and needs EJML as that does; nothing here
 * draws or prints.
 */
package attractor.bifurcation;
