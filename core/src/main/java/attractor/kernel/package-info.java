/**
 * Dense loops over flat arrays and the activations: what decides speed and bits. One contract, {@link attractor.kernel.Kernels}, several implementations
 * with the same bits, and {@link attractor.kernel.KernelChoice}, which chooses. Nothing here knows what an array means: networks, trials and gradients are
 * those of the packages above.
 */
package attractor.kernel;
