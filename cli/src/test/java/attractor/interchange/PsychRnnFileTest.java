package attractor.interchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import attractor.dynamics.Simulator;
import attractor.io.NpyArray;
import attractor.kernel.Activation;
import attractor.model.Form;
import attractor.model.NetworkFile;
import attractor.model.Rnn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Networks that PsychRNN trained and saved; {@code make_psychrnn_files.py} made them. */
class PsychRnnFileTest {
    private static final Map<String, byte[]> FILES = ZippedFiles.of("psychrnn-files.zip");

    private final List<String> notes = new ArrayList<>();

    @TempDir
    Path folder;

    private Path file(String name) throws IOException {
        return Files.write(folder.resolve(name), FILES.get(name));
    }

    private NpyArray array(String name) throws IOException {
        return NpyArray.read(file(name));
    }

    private Rnn read(String name, Activation activation) throws IOException {
        return PsychRnnFile.read(file(name + ".npz"), 10, 100, activation, notes::add);
    }

    /** To the rounding of PsychRNN's float32. */
    @ParameterizedTest
    @CsvSource({"plain, RELU", "dale, RELU", "tanh, TANH", "tanh-dale, TANH"})
    void computesWhatPsychRnnComputes(String name, Activation activation) throws IOException {
        Rnn rnn = read(name, activation);
        assertEquals(Form.CURRENT, rnn.form());
        NpyArray x = array(name + "-x.npy");
        Simulator.Trajectory ours = new Simulator(rnn).run(x.doubles(), x.shape()[0], x.shape()[1]);
        assertArrayEquals(array(name + "-h.npy").doubles(), ours.h(), 3e-6);
        assertArrayEquals(array(name + "-y.npy").doubles(), ours.y(), 3e-6);
        assertTrue(ours.y()[ours.y().length - 1] != 0, "the output is 0");
    }

    @Test
    void dalesLawHoldsForAllArrays() throws IOException {
        Rnn rnn = read("dale", null);
        assertArrayEquals(new double[] {1, 1, 1, 1, -1, -1}, rnn.wiring().daleSign());
        assertEquals(Set.of("W_in"), rnn.wiring().daleAlso());
        assertEquals(1.0, rnn.wiring().sign(rnn.shape().wOut(), 1, 3));
        assertEquals(-1.0, rnn.wiring().sign(rnn.shape().wOut(), 1, 4)); // of version 1.0, see PsychRnnFile
        assertEquals(36 - 6 - 3, rnn.wiring().mask().count());
        Path ours = folder.resolve("ours.npz");
        NetworkFile.write(ours, rnn, Map.of());
        assertEquals(
                Set.of("W_out"), NetworkFile.read(ours).rnn().wiring().signs().keySet());
        assertTrue(notes.get(0).contains("relu is assumed"), notes.toString());
    }

    @Test
    void whereRatesCanBeNegativeSignsAreKeptOneByOne() throws IOException {
        Rnn rnn = read("tanh-dale", Activation.TANH);
        assertEquals(Set.of("W_in", "W_out", "W_rec"), rnn.wiring().signs().keySet());
        assertEquals(-1.0, rnn.wiring().sign(rnn.shape().wRec(), 0, 5));
        assertEquals(1.0, rnn.wiring().sign(rnn.shape().wRec(), 5, 0));
        assertEquals(1.0, rnn.wiring().sign(rnn.shape().wIn(), 5, 0));
        assertTrue(notes.get(1).contains("Dale's law needs rates that are never negative"), notes.toString());
        assertTrue(read("tanh", Activation.TANH).wiring().signs().isEmpty());
    }
}
