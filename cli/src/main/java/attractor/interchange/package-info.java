/**
 * Networks in the file formats of other libraries, Keras and PyTorch, read and written. {@link
 * attractor.interchange.ForeignNetwork} is the entry point. Nothing here depends on the command line; a network's own
 * file is {@link attractor.model.NetworkFile}.
 */
package attractor.interchange;
