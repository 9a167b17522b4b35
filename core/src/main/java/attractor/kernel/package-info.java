/** Dense loops over flat arrays, the hyperbolic tangent and random numbers: what decides speed and bits. */
package attractor.kernel;
