/** The peak of a processor, for {@code attractor doctor} and the benchmarks. Not exported: no part of the library's interface, and
 * nothing in it is used to train. */
package attractor.peak;
