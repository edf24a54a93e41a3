import com.sun.management.OperatingSystemMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;

/**
 * A peer that runs on the JVM, in a process of its own: builds, says so, then measures what standard
 * input asks for, in words and answers like those of {@code worker.py}. No filters.
 */
final class Race {
  /** A peer's index; {@code l2} or else the inner product of unit vectors. */
  interface Index {
    String version();

    void build(Path folder, float[][] base, boolean l2) throws Exception;

    long bytes() throws IOException;

    int[] search(float[] query, int k, int effort) throws IOException;
  }

  private static final int K = 10;

  private Race() {}

  /** Arguments: the data set's folder and the system's name. */
  static void run(String[] arguments, Index index) throws Exception {
    Path folder = Path.of(arguments[0]);
    Properties about = new Properties();
    try (Reader in = Files.newBufferedReader(folder.resolve("meta.properties"))) {
      about.load(in);
    }
    float[][] base = floats(folder.resolve("base.fvecs"));
    float[][] queries = floats(folder.resolve("queries.fvecs"));
    IntBuffer truth = ints(folder.resolve("truth.ivecs"));
    long wall = System.nanoTime();
    double cpu = processSeconds();
    index.build(folder, base, "L2".equals(about.getProperty("metric")));
    System.out.printf(
        Locale.ROOT,
        "{\"event\": \"ready\", \"system\": \"%s\", \"version\": \"%s\","
            + " \"build_cpu_seconds\": %f, \"build_wall_seconds\": %f, \"index_bytes\": %d}%n",
        arguments[1],
        index.version(),
        processSeconds() - cpu,
        (System.nanoTime() - wall) / 1e9,
        index.bytes());
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      point(arguments[1], index, queries, truth, words(line));
    }
  }

  private static void point(
      String name, Index index, float[][] queries, IntBuffer truth, Properties words)
      throws IOException {
    int effort = Integer.parseInt(words.getProperty("ef"));
    int[][] found = new int[queries.length][];
    pass(index, queries, found, effort, Double.parseDouble(words.getProperty("warm", "0.3")));
    double[] spent =
        pass(index, queries, found, effort, Double.parseDouble(words.getProperty("seconds", "0.3")));
    System.out.printf(
        Locale.ROOT,
        "{\"event\": \"point\", \"system\": \"%s\", \"params\": {\"ef\": \"%d\"}, \"filter\": null,"
            + " \"recall\": %f, \"queries\": %d, \"cpu_seconds\": %f, \"wall_seconds\": %f}%n",
        name,
        effort,
        recall(found, truth),
        (long) spent[0],
        spent[1],
        spent[2]);
  }

  /** Queries, CPU seconds of this thread, wall seconds. */
  private static double[] pass(
      Index index, float[][] queries, int[][] found, int effort, double seconds)
      throws IOException {
    long wall = System.nanoTime();
    double cpu = threadSeconds();
    for (long passes = 1; ; passes++) {
      for (int q = 0; q < queries.length; q++) {
        found[q] = index.search(queries[q], K, effort);
      }
      double spent = threadSeconds() - cpu;
      if (spent >= seconds) {
        return new double[] {passes * queries.length, spent, (System.nanoTime() - wall) / 1e9};
      }
    }
  }

  private static double recall(int[][] found, IntBuffer truth) {
    int width = truth.get(0) + 1;
    long hits = 0;
    for (int q = 0; q < found.length; q++) {
      Set<Integer> right = new HashSet<>();
      for (int rank = 0; rank < K; rank++) {
        right.add(truth.get(q * width + 1 + rank));
      }
      for (int row : found[q]) {
        hits += right.remove(row) ? 1 : 0;
      }
    }
    return (double) hits / ((long) K * found.length);
  }

  private static Properties words(String line) {
    Properties words = new Properties();
    for (String word : line.strip().split("[ ,]+")) {
      String[] pair = word.split("=", 2);
      words.setProperty(pair[0], pair[1]);
    }
    if (words.containsKey("filter")) {
      throw new IllegalArgumentException("not raced with filters: " + line);
    }
    return words;
  }

  private static float[][] floats(Path file) throws IOException {
    IntBuffer rows = ints(file);
    int dim = rows.get(0);
    float[][] vectors = new float[rows.remaining() / (dim + 1)][dim];
    for (int row = 0; row < vectors.length; row++) {
      for (int d = 0; d < dim; d++) {
        vectors[row][d] = Float.intBitsToFloat(rows.get(row * (dim + 1) + 1 + d));
      }
    }
    return vectors;
  }

  private static IntBuffer ints(Path file) throws IOException {
    return ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer();
  }

  private static double threadSeconds() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() / 1e9;
  }

  private static double processSeconds() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime()
        / 1e9;
  }
}
