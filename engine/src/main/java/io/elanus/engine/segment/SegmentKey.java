package io.elanus.engine.segment;

import java.util.Arrays;

/** Order of primary keys: integers by value, strings by their UTF-8 bytes, unsigned. */
public final class SegmentKey {
  private SegmentKey() {}

  /** Both Long, or both String. */
  public static int compare(Object a, Object b) {
    if (a instanceof Long x && b instanceof Long y) {
      return Long.compare(x, y);
    }
    return Arrays.compareUnsigned(bytes((String) a), bytes((String) b));
  }

  static byte[] bytes(String key) {
    return key.getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }
}
