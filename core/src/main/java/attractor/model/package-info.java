/**
 * Networks as data: sizes, parameters in one flat block with named views, initial weights, what connections there are ({@link attractor.model.Wiring}), what
 * a training keeps to ({@link attractor.model.Constraint}), options beyond the paper's, and the file. Nothing here steps a network or trains it: that is
 * {@link attractor.engine}'s.
 */
package attractor.model;
