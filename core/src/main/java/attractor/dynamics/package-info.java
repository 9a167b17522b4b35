/** Simulation of many trials at once, and a stepper for real time. */
package attractor.dynamics;
