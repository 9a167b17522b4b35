/**
 * Pages of networks, to look at and to disturb, and of studies: one HTML file each that holds everything, libraries and
 * numbers included, and makes no request. {@link attractor.page.NetworkPage} and {@link attractor.page.StudyPage} write
 * them, {@link attractor.page.Change} is what is changed in a network's playground. The pages' own modules, style and
 * skeleton are resources beside this package: start with {@code main.js} or {@code study.js}, which say what the others do.
 */
package attractor.page;
