/**
 * Dense loops over flat arrays, and the activations. They decide speed and bits. There is one contract, {@link attractor.kernel.Kernels}, several implementations
 * with the same bits, and {@link attractor.kernel.KernelChoice}, which chooses. Nothing here knows what an array means: networks, trials and gradients belong to
 * the packages above.
 */
package attractor.kernel;
