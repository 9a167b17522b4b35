/**
 * Studies of many networks, as lists of independent runs that can be stopped, resumed and shared among processes, and
 * summaries of their results.
 *
 * <p>A {@link attractor.study.Study} is a list of {@link attractor.study.StudyRun}s, each a training and a
 * {@link attractor.study.Measurement} of the trained network. A {@link attractor.study.StudyRunner} does the runs in a
 * {@link attractor.study.StudyFolder}, which collects their rows in tables.
 */
package attractor.study;
