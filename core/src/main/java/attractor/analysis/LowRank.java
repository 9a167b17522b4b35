package attractor.analysis;

import attractor.io.Printable;
import attractor.model.Form;
import attractor.model.Rnn;
import attractor.model.RnnShape;
import java.util.ArrayList;
import java.util.List;

/**
 * What the factors of {@code W_rec = P Q^T / N} say about a network of rank R. Its dynamics goes on in few dimensions: all
 * that the units send to each other are the R latent variables {@code kappa = Q^T h / N}, in the current form {@code Q^T phi(x) / N}.
 *
 * <p>Overlaps are the scalar products, divided by N, of the columns of P, Q and W_in and the rows of W_out. Those of Q with P are the
 * matrix {@code Q^T P / N}, whose eigenvalues are the nonzero ones of W_rec; those of Q with W_in say how an input reaches the latent
 * variables, and those of W_out with P how these reach an output.
 *
 * <p>Thread-safe as long as the arrays are not modified; they are not copied. Source: F. Mastrogiuseppe, S. Ostojic, Neuron 99 (2018)
 * 609; A. Dubreuil, A. Valente, M. Beiran, F. Mastrogiuseppe, S. Ostojic, Nature Neuroscience 25 (2022) 783.
 *
 * @param rank R
 * @param names of the K = 2 R + I + O vectors, such as {@code Q 0}
 * @param overlaps {@code overlaps[a * K + b]}, symmetric
 * @param re real parts of the eigenvalues of {@code Q^T P / N}, the largest modulus first
 * @param im their imaginary parts
 */
public record LowRank(int rank, List<String> names, double[] overlaps, double[] re, double[] im) {

    /**
     * The overlaps of a network.
     *
     * @param rnn Not modified.
     * @throws IllegalArgumentException if its W_rec is no product, or a weight isn't finite
     * @throws IllegalStateException if the eigenvalues don't converge, or without EJML on the class path
     */
    public static LowRank of(Rnn rnn) {
        requireFactors(rnn);
        ConstantMap.checkFinite("network parameter", rnn.parameters());
        RnnShape shape = rnn.shape();
        int n = rnn.units();
        int rank = rnn.rank();
        List<String> names = new ArrayList<>();
        List<double[]> vectors = new ArrayList<>();
        for (RnnShape.View view : List.of(shape.p(), shape.q(), shape.wIn(), shape.wOut())) {
            boolean rows = view.name().equals("W_out");
            for (int k = 0; k < (rows ? view.rows() : view.cols()); k++) {
                double[] vector = new double[n];
                for (int i = 0; i < n; i++) {
                    vector[i] = rnn.parameters()[rows ? view.at(k, i) : view.at(i, k)];
                }
                names.add(view.name() + " " + k);
                vectors.add(vector);
            }
        }
        int count = names.size();
        double[] overlaps = new double[count * count];
        for (int a = 0; a < count; a++) {
            for (int b = 0; b < count; b++) {
                double sum = 0.0;
                for (int i = 0; i < n; i++) {
                    sum += vectors.get(a)[i] * vectors.get(b)[i];
                }
                overlaps[a * count + b] = sum / n;
            }
        }
        double[] qp = new double[rank * rank];
        for (int a = 0; a < rank; a++) {
            for (int b = 0; b < rank; b++) {
                qp[a * rank + b] = overlaps[(rank + a) * count + b];
            }
        }
        Ejml.require();
        Eigenvalues values = Eigenvalues.of(qp, rank);
        return new LowRank(rank, List.copyOf(names), overlaps, values.re(), values.im());
    }

    /**
     * The latent variables of states.
     *
     * @param rnn Not modified.
     * @param h states, rows of N. Not modified.
     * @return {@code kappa[k * R + r]} of row k
     * @throws IllegalArgumentException if W_rec is no product, or h isn't made of rows of N values
     */
    public static double[] latents(Rnn rnn, double[] h) {
        requireFactors(rnn);
        int n = rnn.units();
        if (h.length % n != 0) {
            throw new IllegalArgumentException(
                    "h has " + Printable.count(h.length, "value") + ", expected a multiple of N = " + n);
        }
        int rank = rnn.rank();
        int q = rnn.shape().q().offset();
        double[] kappa = new double[h.length / n * rank];
        for (int k = 0; k < h.length / n; k++) {
            for (int i = 0; i < n; i++) {
                double state = h[k * n + i];
                double sent = rnn.form() == Form.CURRENT ? rnn.activation().rate(state) : state;
                for (int r = 0; r < rank; r++) {
                    kappa[k * rank + r] += sent * rnn.parameters()[q + i * rank + r] / n;
                }
            }
        }
        return kappa;
    }

    private static void requireFactors(Rnn rnn) {
        if (rnn.rank() == 0) {
            throw new IllegalArgumentException(
                    "W_rec is no product of factors, expected a network of low rank (attractor train --rank)");
        }
    }
}
