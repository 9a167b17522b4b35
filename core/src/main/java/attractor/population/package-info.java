/**
 * What the population of a trained network's units does in trials: how many dimensions its trajectories have, which
 * subspaces it uses in which part of a trial and for which type, what single units are selective for, and linear maps
 * that take signals of the task apart. {@link attractor.population.PopulationTrials} are the trials that every measure
 * takes. A measure is one class with one entry point that returns a record; it says how many trials of a type it needs,
 * and refuses fewer. Needs EJML, as {@link attractor.analysis} does.
 */
package attractor.population;
