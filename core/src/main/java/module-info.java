/**
 * The engine of Attractor: networks, tasks, training, analysis and the file formats. Needs {@code java.base} alone.
 *
 * <p>What is optional is resolved only if the application asks for it, in its own module descriptor or with
 * {@code --add-modules}: {@code ejml.ddense} for {@link attractor.analysis} (on the class path it is found as well),
 * {@code jdk.incubator.vector} for the vector kernels, {@code jblas} for those kernels, {@code jdk.jfr} for events of Flight Recorder.
 *
 * <p>A module with tasks of its own {@code provides attractor.task.TaskProvider}, one with measurements of its own
 * {@code provides attractor.study.MeasurementProvider}.
 */
// The jars of EJML and jblas name no module; the names come from their file names.
@SuppressWarnings("requires-automatic")
module attractor.core {
    exports attractor.analysis;
    exports attractor.bifurcation;
    exports attractor.dynamics;
    exports attractor.engine;
    exports attractor.io;
    exports attractor.kernel;
    exports attractor.model;
    exports attractor.population;
    exports attractor.random;
    exports attractor.similarity;
    exports attractor.statistics;
    exports attractor.study;
    exports attractor.task;
    exports attractor.tasks;
    exports attractor.train;

    // For @Generated, which no class file keeps.
    requires static java.compiler;
    requires static ejml.core;
    requires static ejml.ddense;
    requires static jblas;
    requires static jdk.jfr;
    // Not jdk.incubator.vector: javac and javadoc warn wherever a descriptor names it. KernelChoice adds the reading
    // edge.

    uses attractor.study.MeasurementProvider;
    uses attractor.task.TaskProvider;

    // The same list as in META-INF/services, which holds on the class path.
    provides attractor.task.TaskProvider with
            attractor.tasks.PerceptualDecision.Provider,
            attractor.tasks.ContextDecision.Provider,
            attractor.tasks.MultisensoryDecision.Provider,
            attractor.tasks.MatchToSample.Provider,
            attractor.tasks.ParametricMemory.Provider,
            attractor.tasks.GoNoGo.Provider,
            attractor.tasks.AntiResponse.Provider,
            attractor.tasks.ReadySetGo.Provider,
            attractor.tasks.BitMemory.Provider,
            attractor.tasks.ContextGate.Provider,
            attractor.tasks.SineGenerator.Provider,
            attractor.tasks.SeveralRules.Provider,
            attractor.tasks.SignedPulse.Sign,
            attractor.tasks.SignedPulse.Amplitude,
            attractor.tasks.SignedPulse.Latency,
            attractor.tasks.Intervals.Production,
            attractor.tasks.Intervals.Comparison,
            attractor.tasks.Integration.Windowed,
            attractor.tasks.Integration.Continuing,
            attractor.tasks.Integration.Cued;
}
