package attractor.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class ActivationTest {
    /** The nonlinearities and their derivatives at some points, and their names. */
    @Test
    void activationsByHand() {
        assertEquals(Tanh.tanh(0.3), Activation.TANH.rate(0.3));
        assertEquals(0.75, Activation.TANH.slope(-0.5));
        assertEquals(2.5, Activation.RELU.rate(2.5));
        assertEquals(0.0, Activation.RELU.rate(-2.5));
        assertEquals(0.0, Activation.RELU.rate(-0.0));
        assertEquals(Double.NaN, Activation.RELU.rate(Double.NaN));
        assertEquals(1.0, Activation.RELU.slope(Double.MIN_VALUE));
        assertEquals(0.0, Activation.RELU.slope(0.0));
        assertEquals(0.5, Activation.SIGMOID.rate(0));
        assertEquals(0.75, Activation.SIGMOID.rate(StrictMath.log(3)), 1e-15);
        assertEquals(0.1875, Activation.SIGMOID.slope(0.75));
        assertEquals(-7.0, Activation.IDENTITY.rate(-7));
        assertEquals(1.0, Activation.IDENTITY.slope(-7));
        assertEquals(StrictMath.log(2), Activation.SOFTPLUS.rate(0), 2e-16);
        assertEquals(0.5, Activation.SOFTPLUS.slope(StrictMath.log(2)), 2e-16);
        assertEquals(1000.0, Activation.SOFTPLUS.rate(1000));
        assertEquals(2.5, Activation.LEAKY_RELU.rate(2.5));
        assertEquals(-0.02, Activation.LEAKY_RELU.rate(-2), 1e-18);
        assertEquals(0.01, Activation.LEAKY_RELU.slope(-0.02));
        for (Activation phi : Activation.values()) {
            assertEquals(phi, Activation.of(phi.id()));
        }
        assertEquals("relu", Activation.RELU.id());
        assertEquals(
                "activation is 'step', expected one of tanh, relu, sigmoid, identity, softplus, leaky_relu",
                assertThrows(IllegalArgumentException.class, () -> Activation.of("step"))
                        .getMessage());
    }
}
