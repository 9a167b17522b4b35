/**
 * Runs networks: a simulator of many trials at once, and a stepper for real time. Both use the engine's Euler step, let one read the states, and seed the
 * noise. Gradients are in {@link attractor.engine}; {@link attractor.analysis} says what the states mean.
 */
package attractor.dynamics;
