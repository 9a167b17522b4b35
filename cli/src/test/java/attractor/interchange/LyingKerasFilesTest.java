package attractor.interchange;

import attractor.fuzz.FuzzFormat;
import attractor.io.FormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Damaged files of Keras and PyTorch; see {@link FuzzFormat}. */
class LyingKerasFilesTest {
    static Stream<FuzzFormat> formats() {
        return Stream.of(
                FuzzFormat.of("hdf5", hdf5Files(), LyingKerasFilesTest::readHdf5, FormatException.class)
                        .in("network.h5"),
                FuzzFormat.of(
                                "hdf5-storage",
                                Hdf5FileTest.read().map(Hdf5FileTest.FILES::get).toList(),
                                LyingKerasFilesTest::readHdf5,
                                FormatException.class)
                        .in("network.h5"),
                foreign("keras-3-weights", ".weights.h5"),
                foreign("keras-archive", ".keras"),
                foreign("safetensors", ".safetensors"),
                foreign("torch-npz", ".npz"));
    }

    /** Files of one kind that the real libraries wrote of networks like ours; those of others have other names. */
    private static FuzzFormat foreign(String name, String ending) {
        List<byte[]> files = ForeignFilesTest.FILES.entrySet().stream()
                .filter(file -> file.getKey().matches("(keras|torch).*")
                        && file.getKey().endsWith(ending))
                .map(Map.Entry::getValue)
                .toList();
        return FuzzFormat.of(name, files, LyingKerasFilesTest::read, FormatException.class)
                .in("network" + ending);
    }

    private static void readHdf5(Path file) throws IOException {
        KerasFile.read(file, null, note -> {});
    }

    /** A damaged name of an array may make a network's file one of neither library, which the reader must refuse all the same. */
    private static void read(Path file) throws IOException {
        if (ForeignNetwork.read(file, null, note -> {}).isEmpty()) {
            TorchFile.readNpz(file, null, note -> {});
        }
    }

    private static List<byte[]> hdf5Files() {
        return Stream.of(
                        "tanh.h5",
                        "float32.h5",
                        "no-biases.h5",
                        "functional.h5",
                        "time-distributed.h5",
                        "keras-2.0.h5",
                        "weights.h5",
                        "latest.h5",
                        "big-endian.h5",
                        "user-block.h5",
                        "compressed.h5")
                .map(KerasFileTest::bytes)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("formats")
    void survives(FuzzFormat format, @TempDir Path folder) throws Exception {
        format.survives(folder);
    }
}
