/**
 * Networks in the file formats of other libraries, Keras and PyTorch, read and written. {@link
 * attractor.interchange.ForeignNetwork} is the way in. Nothing here knows of commands; a network's own file is {@link
 * attractor.model.NetworkFile}.
 */
package attractor.interchange;
