package attractor.train;

import attractor.model.Initializers.Recurrent;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import java.util.Objects;
import java.util.Optional;

/** How a training begins: with weights drawn from the seed, or with a given network. Safe for any thread. */
public sealed interface InitialNetwork {

    /**
     * The weights are drawn from the seed. Immutable, safe for any thread.
     *
     * @param recurrent how {@code W_rec} is drawn
     */
    record Drawn(Recurrent recurrent) implements InitialNetwork {
        public Drawn {
            Objects.requireNonNull(recurrent, "init is null, expected orthogonal, normal, glorot or identity");
        }
    }

    /**
     * A network to go on from, identified by its digest: two are equal if their digests are equal. If only a
     * configuration was read, only the digest is known; {@link RunDirectory#config} finds the network in {@code
     * initial.npz}. Safe for any thread: the network is a copy that nothing changes.
     */
    final class Given implements InitialNetwork {
        private final String digest;
        private final Optional<Rnn> network;

        private Given(String digest, Optional<Rnn> network) {
            this.digest = digest;
            this.network = network;
        }

        /** A copy of this network, with its h0, its wiring and its noise. */
        static Given of(Rnn rnn) {
            return new Given(Digests.of(rnn), Optional.of(rnn.copy()));
        }

        /** The network with this digest, itself unknown. */
        static Given known(String digest) {
            return new Given(digest, Optional.empty());
        }

        /**
         * SHA-256 over everything that defines the network: sizes, parameters, phi, dt, tau, bias, wiring and noise; in
         * hexadecimal.
         */
        public String digest() {
            return digest;
        }

        /** A copy of the network; empty if only the digest is known. */
        public Optional<Rnn> network() {
            return network.map(Rnn::copy);
        }

        /**
         * The network, to be trained.
         *
         * @throws IllegalArgumentException if the trials have other inputs or outputs
         * @throws IllegalStateException if only the digest is known
         */
        Rnn fitting(int inputs, int outputs) {
            RnnShape shape = network.orElseThrow(() -> new IllegalStateException(
                            "the network to go on from is known by its SHA-256 alone (" + digest
                                    + "), expected a configuration from TrainingConfig.Builder.from or"
                                    + " RunDirectory.config"))
                    .shape();
            if (shape.inputs() != inputs || shape.outputs() != outputs) {
                throw new IllegalArgumentException("the network to go on from has I = " + shape.inputs() + " and O = "
                        + shape.outputs() + ", expected I = " + inputs + " and O = " + outputs + " as the trials have");
            }
            return network.get().copy();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Given given && digest.equals(given.digest);
        }

        @Override
        public int hashCode() {
            return digest.hashCode();
        }

        @Override
        public String toString() {
            return "network " + digest;
        }
    }
}
