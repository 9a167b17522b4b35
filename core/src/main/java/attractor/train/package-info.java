/** Training: back-propagation through time, Adam, the trainer with its checkpoints, evaluation, gradient checks. */
package attractor.train;
