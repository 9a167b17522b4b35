/** The peak of a processor, for {@code attractor doctor} and the benchmarks. Not exported: it is not part of the library's interface, and
 * training doesn't use it. */
package attractor.peak;
