/**
 * The file formats: NumPy's {@code .npy} and {@code .npz}, {@code .safetensors}, zip archives, JSON, CSV, and files that appear whole or not at all. What
 * the arrays and members mean is no business of this package: see {@link attractor.model.NetworkFile}, {@link attractor.task.TrialFile} and
 * {@link attractor.train.RunDirectory}.
 *
 * <p>Every reader treats its input as possibly damaged or hostile. Bad content gives an {@link
 * attractor.io.FormatException} with one line that names the file, what was found and what was expected, and nothing
 * else; memory is only allocated once the size of the file justifies it. Every writer gives the same bytes for the same
 * content, on every Java version and in every time zone.
 */
package attractor.io;
