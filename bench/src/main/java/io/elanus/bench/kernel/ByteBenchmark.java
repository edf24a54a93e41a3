package io.elanus.bench.kernel;

import io.elanus.kernel.ByteRows;
import io.elanus.kernel.Kernels;
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
 * Nanoseconds for the distance from a query of bytes to one gathered row, in batches of {@value
 * RowPool#BATCH} rows. Rows of int8 are {@code dim} bytes long, rows of bits an eighth of it.
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
public class ByteBenchmark {
  @Param({"scalar", "vector", "native"})
  private String kernel;

  @Param({"100", "128", "384", "768"})
  private int dim;

  @Param({"cache", "memory"})
  private String pool;

  private ByteRows measured;
  private RowPool integers;
  private RowPool bits;
  private byte[] query;
  private byte[] bitQuery;
  private final int[] out = new int[RowPool.BATCH];
  private final float[] distances = new float[RowPool.BATCH];

  @Setup(Level.Trial)
  public void fill() {
    measured = Kernels.named(kernel).bytes();
    integers = filled(dim);
    bits = filled((dim + 7) / 8);
    query = new byte[dim];
    new Random(RowPool.SEED).nextBytes(query);
    bitQuery = java.util.Arrays.copyOf(query, (dim + 7) / 8);
  }

  private RowPool filled(int rowBytes) {
    RowPool rows = new RowPool(pool, rowBytes);
    Random random = new Random(RowPool.SEED);
    for (long i = 0; i < rows.all().byteSize(); i++) {
      rows.all().set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt());
    }
    return rows;
  }

  @TearDown(Level.Trial)
  public void free() {
    integers.close();
    bits.close();
  }

  @Benchmark
  public int[] dots() {
    measured.dots(query, integers.all(), integers.nextIds(), RowPool.BATCH, out);
    return out;
  }

  @Benchmark
  public int[] squaredL2s() {
    measured.squaredL2s(query, integers.all(), integers.nextIds(), RowPool.BATCH, out);
    return out;
  }

  @Benchmark
  public int[] hammings() {
    measured.hammings(bitQuery, bits.all(), bits.nextIds(), RowPool.BATCH, out);
    return out;
  }

  @Benchmark
  public float[] jaccards() {
    measured.jaccards(bitQuery, bits.all(), bits.nextIds(), RowPool.BATCH, distances);
    return distances;
  }
}
