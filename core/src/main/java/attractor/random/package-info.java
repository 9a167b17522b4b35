/**
 * Random numbers: streams that are named by seed, purpose and index, so that they have the same bits on every machine and in any order. This package
 * doesn't list the purposes: each class that draws numbers names its own, such as {@link attractor.task.Trials#TRAINING}. Nor does it use the numbers:
 * initial weights are made in {@link attractor.model}, trials in {@link attractor.task}.
 */
package attractor.random;
