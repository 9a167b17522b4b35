package attractor.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import attractor.kernel.Kernels;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** If these hashes change, every result changes. They also depend on {@link GradientCheck}'s random problems. */
class FrozenBitsTest {
    private static final List<String> GRADIENTS =
            List.of("873cb94bba92056c", "82a74c5836721157", "c407d36ea6d4020f", "e33ef2cbfbffe741", "509f2e9015c6e06d");

    private static final List<String> WEIGHTS =
            List.of("2f5a62760f3a956e", "76745a0e541c0e56", "f770e452cdb67e4b", "cb06a9ed67c868f0", "7adcd8beb078fab9");

    /** The hashes expected for the first cases. */
    private static List<String> expected(int count) {
        List<String> all = new ArrayList<>(GRADIENTS.subList(0, count));
        all.addAll(WEIGHTS.subList(0, count));
        return all;
    }

    @Test
    void everyKernelAndEveryNumberOfThreads() {
        for (Kernels kernels : EngineFixtures.kernels().toList()) {
            for (int threads : new int[] {1, 2, 3, 8}) {
                assertEquals(
                        expected(FrozenBits.COUNT),
                        FrozenBits.hashes(kernels, threads, FrozenBits.COUNT),
                        kernels.name() + ", " + threads + " threads");
            }
        }
    }

    @Test
    void theInterpreter() throws Exception {
        assertEquals(expected(FrozenBits.COUNT), FrozenBits.inAnotherJvm("scalar", FrozenBits.COUNT, "-Xint"));
        if (Kernels.get().name().equals("simd")) {
            // Interpreted vectors take seconds, so only a map and a leaky network are tested.
            assertEquals(
                    expected(2), FrozenBits.inAnotherJvm("simd", 2, "-Xint", "--add-modules", "jdk.incubator.vector"));
        }
    }

    @Test
    void withoutFusedMultiplyAddInstructions() throws Exception {
        assertEquals(expected(FrozenBits.COUNT), FrozenBits.inAnotherJvm("auto", FrozenBits.COUNT, "-XX:-UseFMA"));
    }

    @Test
    void compiledFromTheFirstCallOn() throws Exception {
        assertEquals(
                expected(FrozenBits.COUNT),
                FrozenBits.inAnotherJvm("scalar", FrozenBits.COUNT, "-Xcomp", "-XX:TieredStopAtLevel=1"));
    }
}
