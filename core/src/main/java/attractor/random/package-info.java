/**
 * Random numbers: streams that are named by seed, purpose and index, so that whatever is drawn has the same bits on every machine and in any order. What
 * the purposes are is no business of this package: whoever draws names its own, such as {@link attractor.task.Trials#TRAINING}. Nor is what the numbers
 * become: initial weights are made in {@link attractor.model}, trials in {@link attractor.task}.
 */
package attractor.random;
