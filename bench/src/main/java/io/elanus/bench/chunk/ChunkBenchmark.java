package io.elanus.bench.chunk;

import io.elanus.index.NearestHeap;
import io.elanus.index.Neighbors;
import io.elanus.index.VectorData;
import io.elanus.index.VectorIndex;
import io.elanus.index.VectorQuery;
import io.elanus.index.chunk.CodedChunks;
import io.elanus.index.flat.ExactScan;
import io.elanus.model.schema.Metric;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The nearest 10 of 20 chunks of 4,096 growing rows, as a segment shortly before it is sealed has
 * them: microseconds a query.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {
      "--add-modules=jdk.incubator.vector",
      "--enable-native-access=ALL-UNNAMED",
      "-XX:+UseSerialGC"
    })
public class ChunkBenchmark {
  private static final int CHUNKS = 20;
  private static final int ROWS = 4096;
  private static final int CLUSTERS = 200;
  private static final int QUERIES = 256;
  private static final int K = 10;

  @Param({"128", "384", "768"})
  int dim;

  private final Arena arena = Arena.ofShared();
  private final VectorData[] chunks = new VectorData[CHUNKS];
  private final VectorIndex[] codes = new VectorIndex[CHUNKS];
  private final float[][] queries = new float[QUERIES][];
  private int next;

  /** Clustered rows in random order. */
  @Setup
  public void fill() {
    Random random = new Random(1);
    float[][] centers = new float[CLUSTERS][dim];
    for (float[] center : centers) {
      for (int d = 0; d < dim; d++) {
        center[d] = (float) random.nextGaussian();
      }
    }
    CodedChunks coded = new CodedChunks(arena);
    for (int chunk = 0; chunk < CHUNKS; chunk++) {
      MemorySegment values = arena.allocate(4L * ROWS * dim, 64);
      for (int row = 0; row < ROWS; row++) {
        MemorySegment.copy(
            near(centers, random), 0, values, ValueLayout.JAVA_FLOAT, 4L * row * dim, dim);
      }
      chunks[chunk] = new VectorData(values, ROWS, dim);
      codes[chunk] =
          Objects.requireNonNull(
              coded.of(chunk, chunks[chunk], true, Metric.COSINE, Runnable::run));
    }
    for (int q = 0; q < QUERIES; q++) {
      queries[q] = near(centers, random);
    }
  }

  private float[] near(float[][] centers, Random random) {
    float[] vector = centers[random.nextInt(CLUSTERS)].clone();
    for (int d = 0; d < dim; d++) {
      vector[d] += (float) random.nextGaussian();
    }
    return vector;
  }

  private VectorQuery query(float worst) {
    return new VectorQuery(
        queries[next], K, null, ROWS, Float.NEGATIVE_INFINITY, worst, CodedChunks.SEARCH);
  }

  /** Every row by its vector. */
  @Benchmark
  public Neighbors measured() {
    NearestHeap heap = new NearestHeap(K);
    next = (next + 1) % QUERIES;
    for (VectorData chunk : chunks) {
      keep(ExactScan.search(chunk, Metric.COSINE, null, query(Float.POSITIVE_INFINITY)), heap);
    }
    return heap.drain();
  }

  /** By codes, and by vectors what they leave open. */
  @Benchmark
  public Neighbors coded() {
    NearestHeap heap = new NearestHeap(K);
    next = (next + 1) % QUERIES;
    for (VectorIndex chunk : codes) {
      keep(chunk.search(query(heap.worst())), heap);
    }
    return heap.drain();
  }

  private static void keep(Neighbors near, NearestHeap heap) {
    for (int i = 0; i < near.size(); i++) {
      heap.offer(near.distances()[i], near.rows()[i]);
    }
  }
}
