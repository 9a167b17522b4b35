/**
 * Figures for print: networks taken apart, and the paper's. Draws what {@link attractor.analysis} found and computes
 * nothing of its own but where things go on paper.
 *
 * <p>Lengths are points, 1/72 inch, unless their names say otherwise. Colours are Okabe and Ito's, which survive
 * colour-blindness; what has to be told apart differs in lightness, stroke or shape too, and so survives grey printing.
 */
package attractor.figure;
