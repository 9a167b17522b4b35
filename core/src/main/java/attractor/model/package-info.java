/**
 * Networks as data: sizes, parameters in one flat block with named views, initial weights, the connections that exist ({@link attractor.model.Wiring}),
 * the rules that a training keeps ({@link attractor.model.Constraint}), options that the paper doesn't have, and the file. Nothing here steps a network or
 * trains it; {@link attractor.engine} does.
 */
package attractor.model;
