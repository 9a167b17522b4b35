package attractor.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.kernel.Activation;
import org.junit.jupiter.api.Test;

/** Sizes, limits, and what equals what. */
class RnnTest {
    private static String refusal(Runnable call) {
        return assertThrows(IllegalArgumentException.class, call::run).getMessage();
    }

    @Test
    void sizes() {
        Rnn rnn = Rnn.zeros(new RnnShape(2, 3, 4));
        assertEquals(2, rnn.inputs());
        assertEquals(3, rnn.units());
        assertEquals(4, rnn.outputs());
        assertEquals(3 * 2 + 3 * 3 + 4 * 3 + 4 + 3 + 3, rnn.parameters().length);
    }

    @Test
    void sizesThatNoArrayHoldsAreRefused() {
        assertEquals("inputs is 0, expected at least 1", refusal(() -> new RnnShape(0, 1, 1)));
        assertEquals("units is 0, expected at least 1", refusal(() -> new RnnShape(1, 0, 1)));
        assertEquals("outputs is -1, expected at least 1", refusal(() -> new RnnShape(1, 1, -1)));
        // N I + N^2 + O N + O + 2 N with N = 46340, I = 7, O = 5.
        assertEquals(
                "a network of 46340 units has " + (46340L * 7 + 46340L * 46340 + 5 * 46340L + 5 + 2 * 46340L)
                        + " parameters, expected at most 2^31 - 65",
                refusal(() -> new RnnShape(7, 46340, 5)));
        // N = O = 1: I + 5 parameters; the largest shape that fits, and one beyond.
        int most = Integer.MAX_VALUE - 64;
        int inputs = most - 5;
        assertEquals(most, new RnnShape(inputs, 1, 1).parameters());
        assertTrue(refusal(() -> new RnnShape(inputs + 1, 1, 1)).contains(" has " + (most + 1L) + " parameters"));
    }

    @Test
    void entriesAreNamedFromTheFirstToTheLast() {
        RnnShape shape = new RnnShape(2, 3, 1);
        assertEquals("W_in[0,0]", shape.entry(0));
        assertEquals("W_in[2,1]", shape.entry(5));
        assertEquals("W_rec[0,0]", shape.entry(6));
        assertThrows(IndexOutOfBoundsException.class, () -> shape.entry(shape.parameters()));
    }

    @Test
    void aBiasInANetworkWithoutOneIsNamed() {
        RnnShape shape = new RnnShape(1, 3, 1);
        double[] parameters = new double[shape.parameters()];
        parameters[shape.bRec().offset() + 2] = 0.5;
        assertEquals(
                "b_rec[2] is 0.5, expected 0 in a network without recurrent bias",
                refusal(() -> new Rnn(shape, Activation.TANH, 1, 1, false, parameters)));
        assertTrue(new Rnn(shape, Activation.TANH, 1, 1, true, parameters).recurrentBias());
    }

    @Test
    void noise() {
        Rnn quiet = Rnn.zeros(new RnnShape(1, 2, 1));
        assertSame(quiet, quiet.withNoise(0.0));
        assertEquals(Double.MAX_VALUE, quiet.withNoise(Double.MAX_VALUE).noiseSd());
        for (double sd : new double[] {-Double.MIN_VALUE, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertEquals(
                    "noise_sd is " + sd + ", expected a finite number, 0 or more", refusal(() -> quiet.withNoise(sd)));
        }
        assertTrue(quiet.statesAreRates());
        assertFalse(quiet.withNoise(0.1).statesAreRates());
        double[] parameters = new double[quiet.parameters().length];
        assertFalse(new Rnn(quiet.shape(), Activation.TANH, 1, 2, false, parameters).statesAreRates());
    }

    @Test
    void wiringsAreEqualByTheirSignsAndMasks() {
        double[] signs = {1, -1, 1};
        double[] others = {1, 1, -1};
        EntrySet mask = EntrySet.all(3, 3).withoutDiagonal();
        Wiring both = Wiring.of(signs, mask);
        Wiring same = Wiring.of(signs.clone(), EntrySet.all(3, 3).withoutDiagonal());
        assertEquals(both, same);
        assertEquals(both.hashCode(), same.hashCode());
        assertNotEquals(both, Wiring.of(others, mask));
        assertNotEquals(both, Wiring.of(signs, EntrySet.all(3, 3)));
        assertNotEquals(both, Wiring.of(signs, null));
        assertNotEquals(Wiring.of(signs, null), both);
        assertNotEquals(both, Wiring.of(null, mask));
        assertNotEquals(both.hashCode(), Wiring.of(signs, null).hashCode());
        assertEquals(Wiring.FREE, Wiring.of(null, null));
    }

    @Test
    void wiringsSayWhatTheyAre() {
        double[] signs = {1, -1, 1};
        EntrySet mask = EntrySet.all(3, 3).withoutDiagonal();
        assertEquals("free", Wiring.FREE.toString());
        assertEquals("2 units excite, 1 inhibit", Wiring.of(signs, null).toString());
        assertEquals("mask of 6 of 3 x 3 entries", Wiring.of(null, mask).toString());
        assertEquals(
                "2 units excite, 1 inhibit; mask of 6 of 3 x 3 entries",
                Wiring.of(signs, mask).toString());
    }

    @Test
    void setsOfEntries() {
        assertTrue(refusal(() -> EntrySet.all(0, 3)).contains("0 x 3"));
        assertTrue(refusal(() -> EntrySet.all(3, 0)).contains("3 x 0"));
        assertTrue(refusal(() -> EntrySet.all(46341, 46341)).contains("46341 x 46341"));
        assertNotEquals(
                EntrySet.all(3, 3).hashCode(),
                EntrySet.all(3, 3).withoutDiagonal().hashCode());
        // 9 entries in two bytes: one too few, one too many, a bit after the last.
        assertEquals(9, EntrySet.ofBase64(3, 3, "/4A=").count());
        assertEquals(
                "a set of entries has 1 bytes, expected 2 for 3 x 3", refusal(() -> EntrySet.ofBase64(3, 3, "/w==")));
        assertEquals(
                "a set of entries has 3 bytes, expected 2 for 3 x 3", refusal(() -> EntrySet.ofBase64(3, 3, "/4AA")));
        assertEquals(
                "a set of entries has a bit after its last entry, expected 3 x 3",
                refusal(() -> EntrySet.ofBase64(3, 3, "/8A=")));
    }
}
