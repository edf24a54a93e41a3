package io.elanus.app.serve;

import com.sun.management.OperatingSystemMXBean;
import io.elanus.engine.write.Limits;
import io.elanus.store.limit.DiskReserve;
import io.elanus.store.limit.MemoryBudget;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.function.ToDoubleFunction;

/** What this process may take of its machine. */
final class ProcessLimits {
  /** The rest is for the heap, and for the pages of mapped files. */
  private static final double MEMORY_SHARE = 0.6;

  private static final double DISK_SHARE = 0.05;
  private static final long DISK_RESERVE_BYTES_MAX = 512L << 20;

  private ProcessLimits() {}

  static Limits of(Settings.Sizes sizes, Path data) {
    long memory = sizes.memoryBytes() > 0 ? sizes.memoryBytes() : machineBytes();
    long heap = Runtime.getRuntime().maxMemory() / 2;
    var disk = data.toFile();
    long reserve =
        sizes.diskReserveBytes() >= 0
            ? sizes.diskReserveBytes()
            : Math.min(DISK_RESERVE_BYTES_MAX, (long) (DISK_SHARE * disk.getTotalSpace()));
    return new Limits(
        MemoryBudget.of(memory),
        MemoryBudget.of(heap),
        new DiskReserve(disk::getUsableSpace, reserve));
  }

  /** Of the machine's memory, or the container's. */
  private static long machineBytes() {
    long all =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    return Math.max(1, (long) (MEMORY_SHARE * all));
  }

  static void watch(Limits limits, MeterRegistry registry) {
    gauge(
        registry,
        limits.memory(),
        "elanus_memory_budget_bytes",
        "memory off the heap that may be taken",
        MemoryBudget::limitBytes);
    gauge(
        registry,
        limits.memory(),
        "elanus_memory_leased_bytes",
        "memory off the heap that is taken",
        MemoryBudget::leasedBytes);
  }

  private static void gauge(
      MeterRegistry registry,
      MemoryBudget budget,
      String name,
      String description,
      ToDoubleFunction<MemoryBudget> value) {
    Gauge.builder(name, budget, value)
        .description(description)
        .strongReference(true)
        .register(registry);
  }
}
