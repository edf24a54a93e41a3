# Sourced by ./run and ./in-process: folders, the JDK, the built benchmark. POSIX sh, set -eu.

race_home=$(cd "$(dirname "$(readlink -f "$0" 2>/dev/null || printf %s "$0")")/../.." && pwd)
. "$race_home/.mvn/jdk.sh"
elanus_find_jdk || exit 1

# What ./elanus starts its server with; vectors and indexes live outside of the heap.
race_java_options="-Xms32m -Xmx${ELANUS_HEAP:-1g} -XX:+UseSerialGC -XX:+ExitOnOutOfMemoryError
  --add-modules=jdk.incubator.vector --enable-native-access=ALL-UNNAMED
  --sun-misc-unsafe-memory-access=allow -Djava.awt.headless=true -Xlog:disable"

race_build() {
  race_stamp=$race_home/bench/target/race.stamp
  if [ ! -f "$race_stamp" ] || [ -n "$(find "$race_home"/bench/src "$race_home"/index/src/main \
    "$race_home"/kernel/src/main "$race_home"/store/src/main "$race_home"/model/src/main \
    "$race_home"/*/pom.xml -newer "$race_stamp" -print 2>/dev/null | head -n 1)" ]; then
    echo "building bench ..." >&2
    mkdir -p "$race_home/bench/target"
    touch "$race_stamp.begun"
    (cd "$race_home" && ./mvnw -q -B -ntp ${RACE_MAVEN_OPTIONS-} -DskipTests \
      -Dspotless.check.skip=true -pl bench -am package) >&2
    mv "$race_stamp.begun" "$race_stamp"
  fi
}

# The queries' own threads are the only ones: k-means would spin on every other core.
export OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 MKL_NUM_THREADS=1
