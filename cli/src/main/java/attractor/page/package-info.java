/**
 * A page of networks to look at and to disturb: one HTML file that holds everything, libraries and numbers included,
 * and makes no request. {@link attractor.page.NetworkPage} writes it, {@link attractor.page.Change} is what is changed
 * in its playground. The page's own modules, style and skeleton are resources beside this package: start with
 * {@code main.js}, which says what the others do.
 */
package attractor.page;
