# Attractor with a Java of its own that has what it needs and no more. See docs/clusters.md.
#
#     docker build -t attractor .
#     docker run --rm -v "$PWD/studies:/studies" attractor study success --out /studies/success

FROM eclipse-temurin:25-jdk AS build
COPY . /source
WORKDIR /source
RUN ./attractor --version \
 && jlink --add-modules java.base,java.desktop,java.logging,java.xml,jdk.incubator.vector,jdk.jfr,jdk.unsupported,jdk.zipfs \
    --strip-debug --no-header-files --no-man-pages --compress zip-6 --output /java

FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends fontconfig fonts-dejavu-core \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 10001 --create-home attractor
COPY --from=build /java /opt/java
COPY --from=build /source/cli/target/attractor.jar /opt/attractor/cli/target/attractor.jar
COPY --from=build /source/attractor /opt/attractor/attractor
COPY --from=build /source/data /opt/attractor/data
# The launcher ends by becoming the JVM, which is then process 1 and gets the signals.
ENV JAVA_HOME=/opt/java ATTRACTOR_BUILD=never LC_ALL=C.UTF-8
USER 10001
WORKDIR /home/attractor
ENTRYPOINT ["/opt/attractor/attractor"]
