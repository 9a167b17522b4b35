/**
 * Networks that run: simulation of many trials at once, and a stepper for real time. Both are the engine's Euler step with states to read and noise to seed;
 * gradients are in {@link attractor.engine}, what the states mean in {@link attractor.analysis}.
 */
package attractor.dynamics;
