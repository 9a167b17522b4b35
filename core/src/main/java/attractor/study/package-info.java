/**
 * Studies of many networks, as lists of independent runs that can be stopped, resumed and shared among processes, and
 * summaries of their results.
 *
 * <p>A {@link attractor.study.Study} is a list of {@link attractor.study.StudyRun}s, each a training and a
 * {@link attractor.study.Measurement} of the trained network. A {@link attractor.study.StudyRunner} does them in a
 * {@link attractor.study.StudyFolder}, which gathers their rows in tables; the {@code ...Summary} classes say what the
 * tables come to, with the inference of {@link attractor.statistics}. What is measured on one network is an analysis and belongs to {@link
 * attractor.analysis}; figures and reports belong to the command line.
 */
package attractor.study;
