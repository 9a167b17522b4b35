package attractor.bench;

/**
 * A kernel at the sizes at which a training step calls it, ready to be timed.
 *
 * @param name as in {@code -p kernel=NAME}
 * @param callsPerStep calls of it in a training step, on average where the last is smaller
 * @param flops additions, multiplications, divisions and roots of a call, without those on padding; a fused multiply-add is two
 * @param divisions divisions and roots among them
 * @param bytes read and written by a call, if each operand is read once and each result written once
 * @param operandBytes room that its operands and results take, which decides from which cache they come
 * @param code does one call
 */
record KernelCall(
        String name, double callsPerStep, long flops, long divisions, long bytes, long operandBytes, Runnable code) {}
