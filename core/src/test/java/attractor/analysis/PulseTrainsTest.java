package attractor.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.analysis.PulseTrains.Kind;
import attractor.analysis.PulseTrains.Score;
import attractor.analysis.PulseTrains.Variant;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import attractor.task.Task;
import attractor.task.Tasks;
import attractor.task.Trials;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PulseTrainsTest {
    private static final List<Integer> ONSETS = List.of(50, 170, 290, 410);
    private static final Task QUIET = Tasks.byName("flipflop", Map.of("noiseSd", 0));

    /** A trial's pulses at the onsets: S, R or a dot for none. */
    private static String pulses(Trials trials, int trial) {
        double[] x = new double[trials.steps() * 2];
        double[] y = new double[trials.steps()];
        trials.reader().read(trial, x, 0, y, 0, null, 0);
        StringBuilder found = new StringBuilder();
        for (int onset : ONSETS) {
            found.append(x[2 * onset] == 1.0 ? "S" : x[2 * onset + 1] == 1.0 ? "R" : ".");
        }
        return found.toString();
    }

    private static List<String> trains(Variant variant, int count) {
        Trials trials = Trials.balanced(variant.task(), 2 * count, 5, Trials.EVALUATION);
        List<String> trains = new ArrayList<>();
        for (int i = variant.type(); i < trials.size(); i += 2) {
            trains.add(pulses(trials, i));
        }
        return trains;
    }

    @Test
    void everyVariantIsTheTrainThatItSays() {
        List<Variant> variants = PulseTrains.variants(QUIET);
        assertEquals(2 * (1 + 4 + 1 + 3), variants.size());
        List<String> words = variants.stream().map(Variant::words).distinct().toList();
        assertEquals(
                List.of(
                        "as trained",
                        "pulse omitted: 1",
                        "pulse omitted: 2",
                        "pulse omitted: 3",
                        "pulse omitted: 4",
                        "alternating",
                        "pulse repeated: 2",
                        "pulse repeated: 3",
                        "pulse repeated: 4"),
                words);
        Map<String, String> fixed = Map.of(
                "alternating 0", "SRSR",
                "alternating 1", "RSRS",
                "pulse repeated: 2 0", "RRSR",
                "pulse repeated: 2 1", "SSRS",
                "pulse repeated: 3 0", "RSSR",
                "pulse repeated: 3 1", "SRRS",
                "pulse repeated: 4 0", "RSRR",
                "pulse repeated: 4 1", "SRSS");
        for (Variant variant : variants) {
            TreeSet<String> found = new TreeSet<>(trains(variant, 60));
            String last = variant.type() == 1 ? "S" : "R";
            switch (variant.kind()) {
                case TRAINED -> assertEquals(8, found.size(), found.toString());
                case OMITTED -> {
                    assertEquals(4, found.size(), found.toString());
                    for (String train : found) {
                        assertEquals('.', train.charAt(variant.pulse() - 1), train);
                        assertTrue(train.replace(".", "").endsWith(last), train);
                        assertEquals(3, train.replace(".", "").length(), train);
                    }
                }
                default ->
                    assertEquals(new TreeSet<>(List.of(fixed.get(variant.words() + " " + variant.type()))), found);
            }
        }
    }

    /** A unit with two stable states that answers at once: wrong for 40 steps at each change, from onset to end and delay. */
    @Test
    void theErrorsOfABistableUnitAreThoseOfItsChanges() {
        double high = 0.9575040240772688; // h = tanh(2 h)
        RnnShape shape = new RnnShape(2, 1, 1);
        double[] block = new double[shape.parameters()];
        block[shape.wIn().at(0, 0)] = 4.0;
        block[shape.wIn().at(0, 1)] = -4.0;
        block[shape.wRec().at(0, 0)] = 2.0;
        block[shape.wOut().at(0, 0)] = 0.5 / high;
        block[shape.bOut().at(0, 0)] = 0.5;
        block[shape.h0().at(0, 0)] = -high;
        Rnn rnn = Rnn.zeros(shape).withParameters(block);
        for (Score score : PulseTrains.scores(rnn, QUIET, 30, 5)) {
            double expected = 0.0;
            List<String> trains = trains(score.variant(), 30);
            for (String train : trains) {
                char state = 'R';
                int changes = 0;
                for (char pulse : train.replace(".", "").toCharArray()) {
                    changes += pulse != state ? 1 : 0;
                    state = pulse;
                }
                expected += Math.sqrt(40.0 * changes / 600.0) / trains.size();
            }
            assertEquals(30, score.score().trials());
            assertEquals(
                    score.variant().type() == 1 ? "set" : "reset", score.score().type());
            assertEquals(expected, score.score().rmse(), 0.02, score.variant().words());
        }
    }

    @Test
    void aTrainedFlipFlopBearsRepeatedPulses() throws Exception {
        Rnn rnn = Networks.trained("flipflop");
        Task task = Tasks.byName("flipflop");
        List<Score> scores = PulseTrains.scores(rnn, task, 20, 0);
        assertEquals(18, scores.size());
        List<Score> again = PulseTrains.scores(rnn, task, 20, 0);
        for (int k = 0; k < scores.size(); k++) {
            Score score = scores.get(k);
            assertEquals(score.score(), again.get(k).score());
            assertTrue(score.score().passed(), score.variant().words() + " " + score.score());
        }
    }

    @Test
    void otherOptionsStayAndEarlierPulsesAreReplaced() {
        Task task = Tasks.byName(
                "flipflop",
                Map.of(
                        "stimulusOnsetsMs",
                        List.of(20, 80),
                        "earlierPulses",
                        List.of(0),
                        "delayMs",
                        7,
                        "durationMs",
                        150));
        List<Variant> variants = PulseTrains.variants(task);
        assertEquals(2 * (1 + 2 + 1 + 1), variants.size());
        assertEquals(List.of(), variants.get(0).task().options().list("earlierPulses"));
        for (Variant variant : variants) {
            assertEquals(7.0, variant.task().options().number("delayMs"));
            assertEquals(150, variant.task().steps());
        }
        assertEquals(List.of(80.0), variants.get(2).task().options().list("stimulusOnsetsMs"));
    }

    @Test
    void aSinglePulseHasNothingToOmitOrToRepeat() {
        Task one = Tasks.byName("flipflop", Map.of("stimulusOnsetsMs", List.of(50)));
        List<Kind> kinds = PulseTrains.variants(one).stream().map(Variant::kind).toList();
        assertEquals(List.of(Kind.TRAINED, Kind.TRAINED, Kind.ALTERNATING, Kind.ALTERNATING), kinds);
    }

    @Test
    void noiseInTheStatesIsOfTheSeed() {
        Rnn rnn = Rnn.zeros(new RnnShape(2, 1, 1)).withNoise(0.3);
        rnn.parameters()[rnn.shape().wOut().at(0, 0)] = 1;
        // Alternating trains leave nothing to draw, so that only the states' noise tells seeds apart.
        double[][] distances = new double[3][];
        for (int k = 0; k < 3; k++) {
            distances[k] = PulseTrains.scores(rnn, QUIET, 4, k == 2 ? 5 : k).stream()
                    .filter(score -> score.variant().kind() == Kind.ALTERNATING)
                    .mapToDouble(score -> score.score().distanceMean())
                    .toArray();
        }
        assertEquals(2, distances[0].length);
        for (int type = 0; type < 2; type++) {
            assertTrue(distances[0][type] != distances[1][type] && distances[1][type] != distances[2][type]);
        }
    }

    @Test
    void whatIsNotAFlipFlopIsAnError() {
        Rnn rnn = Rnn.zeros(new RnnShape(2, 1, 1));
        String message = assertThrows(
                        IllegalArgumentException.class, () -> PulseTrains.scores(rnn, Tasks.byName("and"), 1, 0))
                .getMessage();
        assertEquals(
                "task is and, expected flipflop (one with the options stimulusOnsetsMs and earlierPulses)", message);
        assertThrows(IllegalArgumentException.class, () -> PulseTrains.scores(rnn, QUIET, 0, 0));
        Rnn one = Rnn.zeros(new RnnShape(1, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> PulseTrains.scores(one, QUIET, 1, 0));
    }
}
