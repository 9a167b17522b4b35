package attractor.population;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What varies between types of trial, read from their names. If all names have the same length and every combination of
 * their characters occurs, as in 00, 01, 10, 11, each position that varies is a factor. Otherwise the type itself is the
 * only factor. Immutable, safe for any thread.
 *
 * @param names the factors' names: {@code position 0}, ..., or {@code type}
 * @param level by factor, then by type, the level: a number from 0 on
 * @param levels by factor, how many levels
 */
public record TaskFactors(List<String> names, List<List<Integer>> level, List<Integer> levels) {
    /** The name of what the factors do together. */
    public static final String INTERACTION = "interaction";

    /**
     * Reads the factors.
     *
     * @param types names of types, all different, at least one
     */
    public static TaskFactors of(List<String> types) {
        int length = types.get(0).length();
        if (types.stream().allMatch(t -> t.length() == length)) {
            List<String> names = new ArrayList<>();
            List<List<Integer>> level = new ArrayList<>();
            List<Integer> levels = new ArrayList<>();
            long product = 1;
            for (int p = 0; p < length; p++) {
                int position = p;
                Set<Character> found = new LinkedHashSet<>();
                types.forEach(t -> found.add(t.charAt(position)));
                if (found.size() > 1) {
                    List<Character> order = List.copyOf(found).stream().sorted().toList();
                    names.add("position " + p);
                    level.add(types.stream()
                            .map(t -> order.indexOf(t.charAt(position)))
                            .toList());
                    levels.add(found.size());
                    product *= found.size();
                }
            }
            if (names.size() > 1 && product == types.size()) {
                return new TaskFactors(List.copyOf(names), List.copyOf(level), List.copyOf(levels));
            }
        }
        return new TaskFactors(
                List.of("type"),
                List.of(IntStream.range(0, types.size()).boxed().toList()),
                List.of(types.size()));
    }

    /** A variable of a regression on the types. */
    record Regressor(String name, double[] byType) {}

    /**
     * One regressor for each factor and level but the last (of two levels: -1 and 1), and, of two factors of two levels, for
     * their product. If the type is the only factor and all names are numbers, more than two, there is one regressor: the
     * number.
     */
    List<Regressor> regressors(List<String> types) {
        List<Regressor> found = new ArrayList<>();
        if (names.size() == 1 && types.size() > 2) {
            double[] numbers = numbers(types);
            if (numbers.length > 0) {
                return List.of(new Regressor("value", standardized(numbers)));
            }
        }
        for (int f = 0; f < names.size(); f++) {
            int count = levels.get(f);
            for (int l = count == 2 ? 1 : 0; l < count - (count == 2 ? 0 : 1); l++) {
                double[] values = new double[types.size()];
                for (int k = 0; k < values.length; k++) {
                    boolean here = level.get(f).get(k) == l;
                    values[k] = count == 2 ? (here ? 1.0 : -1.0) : (here ? 1.0 : 0.0) - 1.0 / count;
                }
                found.add(new Regressor(count == 2 ? names.get(f) : names.get(f) + " " + label(types, f, l), values));
            }
        }
        if (names.size() == 2 && levels.get(0) == 2 && levels.get(1) == 2) {
            double[] values = new double[types.size()];
            for (int k = 0; k < values.length; k++) {
                values[k] = level.get(0).get(k).equals(level.get(1).get(k)) ? 1.0 : -1.0;
            }
            found.add(new Regressor(INTERACTION, values));
        }
        return found;
    }

    private String label(List<String> types, int factor, int l) {
        int first = level.get(factor).indexOf(l);
        return names.size() == 1
                ? types.get(first)
                : String.valueOf(types.get(first).charAt(Integer.parseInt(names.get(factor).substring(9))));
    }

    private static double[] numbers(List<String> types) {
        double[] numbers = new double[types.size()];
        for (int k = 0; k < numbers.length; k++) {
            try {
                numbers[k] = Double.parseDouble(types.get(k));
            } catch (NumberFormatException e) {
                return new double[0];
            }
            if (!Double.isFinite(numbers[k])) {
                return new double[0];
            }
        }
        return numbers;
    }

    private static double[] standardized(double[] values) {
        double mean = 0.0;
        for (double v : values) {
            mean += v / values.length;
        }
        double squares = 0.0;
        for (double v : values) {
            squares += (v - mean) * (v - mean) / values.length;
        }
        double[] result = new double[values.length];
        for (int k = 0; k < values.length; k++) {
            result[k] = (values[k] - mean) / Math.sqrt(squares);
        }
        return result;
    }
}
