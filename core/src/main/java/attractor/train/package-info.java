/** Training: the trainer with its configuration, schedules and checkpoints, and the evaluation. */
package attractor.train;
