package io.elanus.bench.kernel;

import io.elanus.kernel.FloatRows;
import io.elanus.kernel.Kernel;
import io.elanus.kernel.Kernels;
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
 * Nanoseconds for the distance from a float32 query to one row, in batches of {@value
 * RowPool#BATCH} rows.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(RowPool.BATCH)
@Warmup(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {
      "--add-modules=jdk.incubator.vector",
      "--enable-native-access=ALL-UNNAMED",
      "-XX:+UseSerialGC"
    })
@SuppressWarnings("NullAway.Init") // JMH fills the fields
public class DistanceBenchmark {
  @Param({"scalar", "vector", "native"})
  private String kernel;

  @Param({"float32", "float16", "bfloat16"})
  private String cell;

  @Param({"100", "128", "384", "768"})
  private int dim;

  @Param({"cache", "memory"})
  private String pool;

  private FloatRows measured;
  private RowPool rows;
  private float[] query;
  private final float[] out = new float[RowPool.BATCH];

  @Setup(Level.Trial)
  public void fill() {
    Kernel named = Kernels.named(kernel);
    measured =
        switch (cell) {
          case "float16" -> named.float16();
          case "bfloat16" -> named.bfloat16();
          default -> named;
        };
    Random random = new Random(RowPool.SEED);
    rows = new RowPool(pool, cell.equals("float32") ? 4L * dim : 2L * dim);
    MemorySegment all = rows.all();
    for (long i = 0; i < rows.count() * (long) dim; i++) {
      float value = random.nextFloat() - 0.5f;
      switch (cell) {
        case "float16" -> all.setAtIndex(ValueLayout.JAVA_SHORT, i, Float.floatToFloat16(value));
        case "bfloat16" ->
            all.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) (Float.floatToIntBits(value) >> 16));
        default -> all.setAtIndex(ValueLayout.JAVA_FLOAT, i, value);
      }
    }
    query = new float[dim];
    for (int i = 0; i < dim; i++) {
      query[i] = random.nextFloat() - 0.5f;
    }
  }

  @TearDown(Level.Trial)
  public void free() {
    rows.close();
  }

  @Benchmark
  public float[] dots() {
    measured.dots(query, rows.all(), rows.nextFirst(), RowPool.BATCH, out);
    return out;
  }

  @Benchmark
  public float[] squaredL2s() {
    measured.squaredL2s(query, rows.all(), rows.nextFirst(), RowPool.BATCH, out);
    return out;
  }

  @Benchmark
  public float[] dotsGathered() {
    measured.dots(query, rows.all(), rows.nextIds(), RowPool.BATCH, out);
    return out;
  }

  @Benchmark
  public float[] squaredL2sGathered() {
    measured.squaredL2s(query, rows.all(), rows.nextIds(), RowPool.BATCH, out);
    return out;
  }
}
