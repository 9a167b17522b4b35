/**
 * The numerics that this project exists for, and nothing else: a network is stepped through time, the loss of its outputs is
 * differentiated by hand, an optimiser moves the parameters. No file, no configuration and no task; trials come through
 * {@link attractor.engine.TrialSet}.
 *
 * <h2>Derivation</h2>
 *
 * <p>A network of N units, I inputs and O outputs runs for T steps, with {@code alpha = dt/tau}:
 *
 * <pre>
 *     (1)  z(t+1) = b_rec + W_in x(t+1) + W_rec h(t)
 *     (2)  h(t+1) = (1 - alpha) h(t) + alpha phi(z(t+1))          t = 0..T-1
 *     (3)  y(t)   = b_out + W_out h(t)                            t = 1..T
 *     (4)  L      = sum over t of l(y(t))
 * </pre>
 *
 * <p>Write {@code da} for the derivative of L with respect to a, so that {@code dy(t)} is the derivative of l. The state h(t) acts on L
 * in three ways: on y(t) by (3), on h(t+1) itself by (2), and on z(t+1) by (1). The chain rule adds them up, and z(t+1) acts on
 * L only through h(t+1):
 *
 * <pre>
 *     (5)  dh(t)   = (1 - alpha) dh(t+1) + W_out^T dy(t) + W_rec^T dz(t+1)
 *     (6)  dz(t+1) = alpha phi'(z(t+1)) dh(t+1)
 * </pre>
 *
 * <p>This runs from the end, where {@code dh(T+1) = dz(T+1) = 0}, to the start, where {@code dy(0) = 0}: y(0) is no output.
 * Every activation's phi' is a function of the rate phi(z), so that z need not be kept. A parameter is used at every step;
 * its derivative is the sum over the steps:
 *
 * <pre>
 *     (7)  dW_in  = sum of dz(t+1) x(t+1)^T        dW_out = sum of dy(t) h(t)^T
 *          dW_rec = sum of dz(t+1) h(t)^T          db_out = sum of dy(t)
 *          db_rec = sum of dz(t+1)                 dh0    = dh(0)
 * </pre>
 *
 * <p>With two row vectors per trial and step, {@code u(t) = [x(t+1) | h(t)]} and {@code v(t) = [dy(t) | dz(t+1)]}, these many
 * products become few: (1) and (3) are one product of u(t) with the transpose of {@code [W_in W_rec; 0 W_out]}, those of
 * (5) are {@code v(t) [W_out; W_rec]}, and (7) is {@code D = sum of v(t)^T u(t)} and the sum of v(t). Many trials make matrices.
 *
 * <h2>The current form</h2>
 *
 * <p>In the other form of a network ({@link attractor.model.Form}) the state is a current s(t), and the units send the rate h(t) =
 * phi(s(t)). (2) becomes {@code s(t+1) = (1 - alpha) s(t) + alpha z(t+1)}, and (1), (3) and (7) stay. Since s(t+1) acts on L
 * through h(t+1) and s(t+2), and z(t+1) only through s(t+1), {@code dz(t+1) = alpha ds(t+1)}, and the term with 1 - alpha
 * moves from (5) to (6):
 *
 * <pre>
 *     (5') dh(t)   = W_out^T dy(t) + W_rec^T dz(t+1)
 *     (6') dz(t+1) = (1 - alpha) dz(t+2) + alpha phi'(s(t+1)) dh(t+1)
 * </pre>
 *
 * <p>So a row still holds what the units send, the products are the same, and a backward step has the same passes. The initial
 * state has {@code ds(0) = (1 - alpha) ds(1) + phi'(s(0)) dh(0)}.
 *
 * <h2>Low rank</h2>
 *
 * <p>In a network of rank R, {@code W_rec = P Q^T / N} with P and Q of N x R. With the R latent variables {@code kappa(t) = Q^T h(t) / N},
 * (1) becomes {@code z(t+1) = b_rec + W_in x(t+1) + P kappa(t)}, and h(t) acts on z(t+1) through kappa(t) only:
 *
 * <pre>
 *     (5'') dkappa(t) = P^T dz(t+1)
 *           dh(t)     = (1 - alpha) dh(t+1) + W_out^T dy(t) + Q dkappa(t) / N
 *     (7'') dP = sum of dz(t+1) kappa(t)^T          dQ = sum of h(t) dkappa(t)^T / N
 * </pre>
 *
 * <p>{@link attractor.engine.EulerStep} says where the products by P and Q are used and where that by W_rec.
 *
 * <h2>In which order to read</h2>
 *
 * <ol>
 *   <li>{@link attractor.engine.TrialRows}: the rows u(t) and their layout.
 *   <li>{@link attractor.engine.EulerStep}: (1), (2), (3).
 *   <li>{@code Backward}: a chunk of trials forward over a tape of rows, then (5), (6), (7); the most important loop.
 *   <li>{@link attractor.engine.Loss} and {@link attractor.engine.MeanSquaredError}: (4) and dy(t).
 *   <li>{@link attractor.engine.BatchGradient}: chunks, threads, and the order in which they are added.
 *   <li>{@link attractor.engine.Optimizer} and {@link attractor.engine.Adam}: the step.
 *   <li>{@link attractor.engine.GradientCheck} and {@code ComplexForward}: why to believe all this.
 * </ol>
 *
 * <p>The rest, when needed: {@code TapePlan} (trials that do not fit into memory), {@code ExtraTerms} (penalty on rates,
 * derivative by alpha), {@link attractor.engine.TrainedTau}, {@link attractor.engine.GradientNorm}, {@link
 * attractor.engine.StepTimes}, {@code WorkerThreads}. The loops themselves are in {@link attractor.kernel}. {@code
 * docs/engine.md} follows one derivative from the formula to the loop and checks it.
 */
package attractor.engine;
