/** Forward Euler: the update itself, simulation of many trials at once, and a stepper for real time. */
package attractor.dynamics;
