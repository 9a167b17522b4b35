package attractor.population;

import attractor.task.TrialPart;
import java.util.Arrays;
import java.util.List;

/** Trials made by the formula of {@code data/python/checks/population.py}, which prints the constants of these tests. */
final class PopulationFixtures {
    private PopulationFixtures() {}

    static PopulationTrials trials(int types, int perType, int steps, int units) {
        double[] rates = new double[types * perType * steps * units];
        int at = 0;
        for (int s = 0; s < types * perType; s++) {
            for (int t = 0; t < steps; t++) {
                for (int i = 0; i < units; i++) {
                    rates[at++] = Math.sin(0.05 * (t + 1) * (1 + 0.3 * i) + 0.7 * (s % types)) * (1 + 0.2 * i)
                            + 0.1 * Math.cos(1.3 * t * i + 2.1 * s)
                            + 0.3 * Math.cos(0.4 * i);
                }
            }
        }
        return of(names(types), rates, steps, units);
    }

    /** 00, 01, 10, 11 if there are four. */
    private static List<String> names(int types) {
        return List.of("00", "01", "10", "11").subList(0, types);
    }

    /** Trials whose types come in turn; before: 10 steps, response: 20, after: the rest. */
    static PopulationTrials of(List<String> types, double[] rates, int steps, int units) {
        int[] type = new int[rates.length / steps / units];
        Arrays.setAll(type, s -> s % types.size());
        List<TrialPart> parts = List.of(
                new TrialPart("before", 0, 10), new TrialPart("response", 10, 30), new TrialPart("after", 30, steps));
        return new PopulationTrials(
                types,
                type,
                types.stream().map(t -> parts).toList(),
                parts,
                1.0,
                steps,
                units,
                1,
                rates,
                new double[type.length * steps]);
    }
}
