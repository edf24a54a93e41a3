package io.elanus.bench.kernel;

import io.elanus.kernel.Kernels;
import io.elanus.kernel.NibbleScan;
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
 * Nanoseconds for the sum of one 1-bit code of {@code dim} dimensions, one block of {@value
 * RowPool#BATCH} codes a call, as a walk through a graph asks.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(NibbleScan.BLOCK)
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
public class NibbleBenchmark {
  @Param({"scalar", "vector", "native"})
  private String kernel;

  @Param({"100", "128", "384", "768"})
  private int dim;

  @Param({"cache", "memory"})
  private String pool;

  private NibbleScan measured;
  private RowPool blocks;
  private long blockBytes;
  private byte[] tables;
  private final int[] out = new int[NibbleScan.BLOCK];

  @Setup(Level.Trial)
  public void fill() {
    measured = Kernels.named(kernel).nibbles();
    int groups = (dim + 3) / 4;
    blockBytes = NibbleScan.blockBytes(groups);
    blocks = new RowPool(pool, blockBytes);
    Random random = new Random(RowPool.SEED);
    for (long i = 0; i < blocks.all().byteSize(); i++) {
      blocks.all().set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt());
    }
    tables = new byte[16 * groups];
    random.nextBytes(tables);
  }

  @TearDown(Level.Trial)
  public void free() {
    blocks.close();
  }

  @Benchmark
  public int[] scan() {
    measured.scan(tables, blocks.all(), blocks.nextId() * blockBytes, 1, out);
    return out;
  }
}
