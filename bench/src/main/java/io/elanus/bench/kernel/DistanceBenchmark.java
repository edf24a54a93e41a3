package io.elanus.bench.kernel;

import io.elanus.kernel.Kernel;
import io.elanus.kernel.Kernels;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Nanoseconds for the distance from a query to one row, in batches of 1024 rows out of 64 MiB. Each
 * batch takes other rows than the one before, so that they come from memory as in a search, and not
 * from the nearest cache.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(DistanceBenchmark.BATCH)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@SuppressWarnings("NullAway.Init") // JMH fills the fields
public class DistanceBenchmark {
  static final int BATCH = 1024;

  private static final long POOL_BYTES = 64L << 20;
  private static final int DRAWS = 16;
  private static final long SEED = 1;

  @Param({"scalar", "best"})
  private String kernel;

  @Param({"100", "128", "384", "768"})
  private int dim;

  private Kernel measured;
  private Arena arena;
  private MemorySegment rows;
  private int rowCount;
  private float[] query;
  private int[][] ids;
  private int first;
  private int draw;
  private final float[] out = new float[BATCH];

  @Setup(Level.Trial)
  public void fill() {
    measured = "scalar".equals(kernel) ? Kernels.scalar() : Kernels.best();
    if ("best".equals(kernel) && "scalar".equals(measured.name())) {
      throw new IllegalStateException("no vector kernel here: " + Kernels.choice().reason());
    }
    Random random = new Random(SEED);
    rowCount = (int) (POOL_BYTES / (4L * dim));
    arena = Arena.ofConfined();
    rows = arena.allocate(4L * dim * rowCount, 64);
    for (long i = 0; i < (long) dim * rowCount; i++) {
      rows.setAtIndex(ValueLayout.JAVA_FLOAT, i, random.nextFloat() - 0.5f);
    }
    query = new float[dim];
    for (int i = 0; i < dim; i++) {
      query[i] = random.nextFloat() - 0.5f;
    }
    ids = new int[DRAWS][];
    for (int i = 0; i < DRAWS; i++) {
      ids[i] = random.ints(BATCH, 0, rowCount).toArray();
    }
  }

  @TearDown(Level.Trial)
  public void free() {
    arena.close();
  }

  @Benchmark
  public float[] dots() {
    measured.dots(query, rows, nextFirst(), BATCH, out);
    return out;
  }

  @Benchmark
  public float[] squaredL2s() {
    measured.squaredL2s(query, rows, nextFirst(), BATCH, out);
    return out;
  }

  @Benchmark
  public float[] dotsGathered() {
    measured.dots(query, rows, nextIds(), BATCH, out);
    return out;
  }

  @Benchmark
  public float[] squaredL2sGathered() {
    measured.squaredL2s(query, rows, nextIds(), BATCH, out);
    return out;
  }

  private int nextFirst() {
    first += BATCH;
    if (first + BATCH > rowCount) {
      first = 0;
    }
    return first;
  }

  private int[] nextIds() {
    draw = (draw + 1) % DRAWS;
    return ids[draw];
  }
}
