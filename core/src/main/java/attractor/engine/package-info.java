/** The engine: the Euler step, back-propagation through time, optimisers, gradient checks. */
package attractor.engine;
