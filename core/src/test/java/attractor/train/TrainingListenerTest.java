package attractor.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.engine.BatchGradient;
import attractor.engine.StepTimes;
import attractor.random.RandomStream;
import attractor.task.Trials;
import attractor.train.TrainingResult.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingListenerTest {
    private static final ExecutionSettings ONE = TrainFixtures.ONE_THREAD;

    /** The norm before clipping is the same as without; after the step the network is the one that the next step begins from. */
    @ParameterizedTest
    @ValueSource(doubles = {0.0, 0.05})
    void aLambdaSeesNetworkGradientNormAndLoss(double clipNorm) {
        TrainingConfig config =
                TrainFixtures.tiny().epochs(2).clipNorm(clipNorm).build();
        List<Double> losses = new ArrayList<>();
        List<Double> norms = new ArrayList<>();
        List<double[]> networks = new ArrayList<>();
        TrainingResult result = new Trainer(config, ONE)
                .train(
                        step -> {
                            losses.add(step.loss());
                            norms.add(step.gradientNorm());
                            networks.add(step.network().parameters().clone());
                            assertEquals(step.batch() == 6 ? 3 : 8, step.trials());
                            assertTrue(step.gradientNanos() > 0 && step.optimizerNanos() > 0);
                            if (step.batch() == 1) {
                                assertEquals(step.loss(), step.meanLoss(), 1e-15);
                            }
                        },
                        () -> false);
        assertEquals(12, losses.size());
        assertArrayEquals(result.network().parameters(), networks.get(11));
        double[] weighted = {0, 0};
        for (int i = 0; i < 12; i++) {
            weighted[i / 6] += losses.get(i) * (i % 6 == 5 ? 3 : 8) / 43.0;
        }
        assertEquals(result.history().get(0).loss(), weighted[0], 1e-15);
        assertEquals(result.history().get(1).loss(), weighted[1], 1e-15);
        double first = firstNorm();
        assertEquals(first, norms.get(0), 1e-14 * first);
        assertTrue(first > 0.05, "clipped where it is");
    }

    /** The gradient's norm at the first step, from the gradient itself. */
    private static double firstNorm() {
        TrainingConfig config = TrainFixtures.tiny().build();
        var rnn = config.initialNetwork(2, 1);
        int[] order = new int[43];
        for (int i = 0; i < 43; i++) {
            order[i] = i;
        }
        new RandomStream(5, Trainer.SHUFFLE, 0).shuffle(order);
        double[] gradient = new double[rnn.parameters().length];
        Trials trials = Trials.random(TrainFixtures.shortAnd(), 43, 5, Trials.TRAINING);
        try (BatchGradient g = BatchGradient.builder(rnn, trials)
                .maxBatch(8)
                .threads(1)
                .kernels(ONE.kernels())
                .build()) {
            g.compute(rnn.parameters(), order, 0, 8, gradient);
        }
        double sum = 0.0;
        for (int i = 0; i < rnn.shape().bRec().offset(); i++) {
            sum += gradient[i] * gradient[i];
        }
        return Math.sqrt(sum);
    }

    /** The third batch is held until another thread has cancelled: no fourth is begun. */
    @Test
    void anotherThreadCancels() throws Exception {
        AtomicBoolean cancelled = new AtomicBoolean();
        AtomicInteger batches = new AtomicInteger();
        CountDownLatch third = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try {
            Future<TrainingResult> training =
                    pool.submit(() -> new Trainer(TrainFixtures.tiny().build(), ONE)
                            .train(
                                    step -> {
                                        if (batches.incrementAndGet() == 3) {
                                            third.countDown();
                                            await(goOn);
                                        }
                                    },
                                    cancelled::get));
            third.await();
            cancelled.set(true);
            goOn.countDown();
            TrainingResult result = training.get();
            assertEquals(Outcome.STOPPED, result.outcome());
            assertEquals(3, result.steps());
            assertEquals(3, batches.get());
            int[] same = {0};
            double[] expected = new Trainer(TrainFixtures.tiny().build(), ONE)
                    .train(step -> same[0]++, () -> same[0] == 3)
                    .network()
                    .parameters();
            assertArrayEquals(expected, result.network().parameters(), "what it has");
        } finally {
            pool.shutdownNow();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whoWantsTimesGetsThem() {
        List<StepTimes> all = new ArrayList<>();
        new Trainer(TrainFixtures.tiny().epochs(1).build(), ONE)
                .train(
                        new TrainingListener() {
                            @Override
                            public boolean wantsTimes() {
                                return true;
                            }

                            @Override
                            public void batchDone(TrainingStep step) {
                                StepTimes t = step.times();
                                all.add(t);
                                assertTrue(t.gather() > 0 && t.forward() > 0 && t.backward() > 0 && t.reduce() > 0);
                                assertTrue(t.gather() + t.forward() + t.backward() + t.reduce() <= t.wall(), t + "");
                                assertTrue(t.wall() <= step.gradientNanos());
                            }
                        },
                        () -> false);
        assertEquals(6, all.size());
        StepTimes sum = all.stream().reduce(StepTimes.ZERO, StepTimes::plus);
        assertEquals(all.stream().mapToLong(StepTimes::wall).sum(), sum.wall());
    }

    @Test
    void nobodyElseIsTimed() {
        Trainer trainer = new Trainer(TrainFixtures.tiny().epochs(1).build(), ONE);
        assertEquals(
                "no times were taken, expected timed(true) when this was built",
                assertThrows(IllegalStateException.class, () -> trainer.train(TrainingStep::times, () -> false))
                        .getMessage());
    }

    @Test
    void flightRecorderGetsBatchesAndEpochs(@TempDir Path folder) throws IOException {
        TrainingConfig config = TrainFixtures.tiny().epochs(2).clipNorm(0.1).build();
        List<Double> losses = new ArrayList<>();
        Path file = folder.resolve("training.jfr");
        TrainingResult result;
        try (Recording recording = new Recording()) {
            recording.enable("attractor.Batch");
            recording.enable("attractor.Epoch");
            recording.start();
            result = new Trainer(config, ONE).train(step -> losses.add(step.loss()), () -> false);
            recording.stop();
            recording.dump(file);
        }
        List<RecordedEvent> batches = new ArrayList<>();
        List<RecordedEvent> epochs = new ArrayList<>();
        for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
            switch (event.getEventType().getName()) {
                case "attractor.Batch" -> batches.add(event);
                case "attractor.Epoch" -> epochs.add(event);
                default -> {}
            }
        }
        assertEquals(12, batches.size());
        assertEquals(losses, batches.stream().map(e -> e.getDouble("loss")).toList());
        for (RecordedEvent batch : batches) {
            long parts = batch.getDuration("gradient")
                    .plus(batch.getDuration("optimizer"))
                    .toNanos();
            assertTrue(parts > 0 && batch.getDouble("gradientNorm") > 0.0, batch.toString());
            long phases = 0;
            for (String phase : List.of("gather", "forward", "backward", "reduce")) {
                long nanos = batch.getDuration(phase).toNanos();
                assertTrue(nanos > 0, phase + " of " + batch);
                phases += nanos;
            }
            // One thread: all of them are within the time of the gradient.
            assertTrue(phases <= batch.getDuration("gradient").toNanos(), batch.toString());
        }
        assertEquals(2, epochs.size());
        assertEquals(result.loss(), epochs.get(1).getDouble("loss"));
        assertEquals(2, epochs.get(1).getInt("epoch"));
        assertFalse(epochs.get(1).getDuration().isNegative());
    }
}
