/**
 * Figures for print: analyses of networks, studies, and the paper's figures. Draws the results of
 * {@link attractor.analysis}; computes nothing itself except positions on paper.
 *
 * <p>Lengths are points, 1/72 inch, unless their names say otherwise. Colours are Okabe and Ito's, which colour-blind
 * readers can distinguish. Things that must be distinguished also differ in lightness, stroke or shape, so that they
 * stay distinct in grey print.
 */
package attractor.figure;
