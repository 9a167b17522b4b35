package attractor.cli.option;

import java.util.ArrayList;
import java.util.List;

/** Seeds as the command line writes them: {@code 0..9}, {@code 1,4,7} or a mixture. */
public final class SeedRange {
    private static final int MOST = 100_000;

    private SeedRange() {}

    /**
     * The seeds of a text.
     *
     * @throws IllegalArgumentException if it has another form, names a seed twice, or more than 100,000
     */
    public static List<Long> parse(String text) {
        List<Long> seeds = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            String[] ends = part.strip().split("\\.\\.", -1);
            try {
                long from = Long.parseLong(ends[0]);
                long to = ends.length == 1 ? from : Long.parseLong(ends[1]);
                // The difference of two seeds may overflow, and is then negative.
                long more = to - from;
                if (ends.length > 2 || to < from || more < 0 || more >= MOST || seeds.size() + more >= MOST) {
                    throw new NumberFormatException();
                }
                for (long k = 0; k <= more; k++) {
                    seeds.add(from + k);
                }
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                        "--seeds is '" + text + "', expected something like 0..9 or 1,4,7, at most " + MOST + " seeds",
                        e);
            }
        }
        if (seeds.stream().distinct().count() < seeds.size()) {
            throw new IllegalArgumentException("--seeds is '" + text + "', expected each seed once");
        }
        return seeds;
    }
}
