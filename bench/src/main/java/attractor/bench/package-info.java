/** JMH benchmarks of the engine, and the comparison with other engines. */
package attractor.bench;
