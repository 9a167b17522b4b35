/** The peak of a processor, for {@code attractor doctor} and the benchmarks. Not exported: no part of the library's interface. */
package attractor.peak;
