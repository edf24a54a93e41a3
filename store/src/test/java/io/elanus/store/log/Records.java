package io.elanus.store.log;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Records that can be derived again from a seed and their operation. */
final class Records {
  private Records() {}

  static byte[] of(long seed, long operation, int bytesMax) {
    Random random = new Random(seed * 1_000_003 + operation);
    byte[] record = new byte[random.nextInt(bytesMax + 1)];
    random.nextBytes(record);
    return record;
  }

  static long append(Log log, byte[] record) {
    return log.append(MemorySegment.ofArray(record));
  }

  /** What a log holds from an operation on; throws unless the numbers follow each other. */
  static List<byte[]> replay(Log log, long from) {
    List<byte[]> records = new ArrayList<>();
    log.replay(
        from,
        (operation, record) -> {
          if (operation != from + records.size()) {
            throw new AssertionError("operation " + operation + " after " + records.size());
          }
          records.add(record.toArray(ValueLayout.JAVA_BYTE));
        });
    return records;
  }
}
