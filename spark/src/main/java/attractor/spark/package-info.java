/**
 * The studies on Apache Spark: one run per task, results as Parquet in any file system that Hadoop knows. Start with {@link attractor.spark.SparkStudy}; the
 * command line for {@code spark-submit} is {@link attractor.spark.Main}.
 */
package attractor.spark;
