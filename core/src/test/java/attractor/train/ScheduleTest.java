package attractor.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import attractor.engine.Adam;
import attractor.io.JsonObject;
import attractor.kernel.Kernels;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class ScheduleTest {
    @Test
    void stepsFallAfterWholeEpochs() {
        Schedule s = Schedule.step(2, 0.5);
        // 3 batches an epoch.
        double[] expected = {1, 1, 1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.25};
        for (int it = 0; it < expected.length; it++) {
            assertEquals(expected[it], s.multiplier(it, 3, 100), "step " + it);
        }
    }

    @Test
    void theCosineFallsFromOneToItsEnd() {
        Schedule s = Schedule.cosine(0.1);
        assertEquals(1.0, s.multiplier(0, 5, 4));
        assertEquals(0.55, s.multiplier(10, 5, 4), 1e-15);
        assertEquals(0.1, s.multiplier(20, 5, 4), 1e-15);
        assertEquals(0.1 + 0.9 * (1 + Math.sqrt(0.5)) / 2, s.multiplier(5, 5, 4), 1e-15);
        double last = 2;
        for (int it = 0; it < 20; it++) {
            double now = s.multiplier(it, 5, 4);
            assertEquals(true, now < last, "step " + it);
            last = now;
        }
        assertEquals(0.0, Schedule.cosine(0).multiplier(7, 7, 1), 1e-15);
    }

    @Test
    void theInverseOneIsAdamsOwn() {
        assertEquals(1.0, Schedule.INVERSE.multiplier(12345, 7, 9));
    }

    @Test
    void adamTakesTheRateTimesTheMultiplier() {
        double[] gradient = {0.3, -2};
        double[] p = {1, 1};
        double[] q = {1, 1};
        Adam half = new Adam(new Adam.Options(0.05, 0.1, 0.9, 0.999, 1e-8), 2, Kernels.get());
        Adam full = new Adam(new Adam.Options(0.1, 0.1, 0.9, 0.999, 1e-8), 2, Kernels.get());
        for (int i = 0; i < 5; i++) {
            half.step(p, gradient);
            full.step(0.5, q, gradient);
        }
        assertEquals(p[0], q[0]);
        assertEquals(p[1], q[1]);
    }

    @Test
    void jsonKeepsThem() throws IOException {
        for (Schedule s : List.of(Schedule.INVERSE, Schedule.step(3, 0.25), Schedule.cosine(0), Schedule.cosine(0.5))) {
            assertEquals(s, Schedule.fromJson(new JsonObject(s.toJson(), "test")));
        }
    }

    private static String message(Executable code) {
        return assertThrows(IllegalArgumentException.class, code).getMessage();
    }

    @Test
    void numbersOutOfRangeAreNamed() {
        assertEquals(
                "schedule step has everyEpochs 0 and factor 0.5, expected at least 1, and above 0, at most 1",
                message(() -> Schedule.step(0, 0.5)));
        assertEquals(
                "schedule step has everyEpochs 2 and factor NaN, expected at least 1, and above 0, at most 1",
                message(() -> Schedule.step(2, Double.NaN)));
        assertEquals(
                "schedule cosine has everyEpochs 0 and factor 1.5, expected 0, and 0 to 1",
                message(() -> Schedule.cosine(1.5)));
        assertEquals(
                "schedule inverse has everyEpochs 1 and factor 1.0, expected 0 and 1",
                message(() -> new Schedule(Schedule.Kind.INVERSE, 1, 1)));
        assertEquals(
                "schedule is 'exp', expected one of inverse, step, cosine", message(() -> Schedule.Kind.of("exp")));
    }
}
