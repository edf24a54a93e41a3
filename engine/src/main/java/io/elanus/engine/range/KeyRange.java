package io.elanus.engine.range;

import io.elanus.model.schema.Field;
import io.elanus.model.schema.Schema;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Between which values of the clustering key the rows of a segment lie, deleted ones included. A
 * value is a Long, a Double, or a text's first {@value #TEXT_BYTES_MAX} bytes of UTF-8, each as a
 * character, which compares as the bytes do. No value at all is below every other.
 *
 * @param fieldId of the clustering key
 * @param min least value; null where no row has one
 * @param max greatest value; null where no row has one
 * @param nulls whether some row has none
 */
public record KeyRange(long fieldId, @Nullable Object min, @Nullable Object max, boolean nulls) {
  /** Of a text that count: ranges are kept in memory and in every manifest. */
  public static final int TEXT_BYTES_MAX = 64;

  /**
   * The field that rows are clustered by, where the schema has one. Collections made before its
   * type was checked may have one of a type without order, which clusters nothing.
   */
  public static Optional<Field> key(Schema schema) {
    return schema.clusteringKey().filter(field -> field.type().isOrdered());
  }

  /** A text as it counts here. */
  public static String text(byte[] utf8) {
    return new String(utf8, 0, Math.min(TEXT_BYTES_MAX, utf8.length), StandardCharsets.ISO_8859_1);
  }

  /** A floating value as it counts here: 0 and −0 are equal. */
  public static Double floating(double value) {
    return value + 0.0;
  }

  /** Order of two values of one field; null is below all others. */
  public static int compare(@Nullable Object a, @Nullable Object b) {
    if (a == null || b == null) {
      return Boolean.compare(a != null, b != null);
    }
    return switch (a) {
      case Long x -> Long.compare(x, (Long) b);
      case Double x -> Double.compare(x, (Double) b);
      default -> ((String) a).compareTo((String) b);
    };
  }

  /** The least value, null where some row has none. */
  public @Nullable Object low() {
    return nulls ? null : min;
  }

  /** The greatest value, null where no row has one. */
  public @Nullable Object high() {
    return max;
  }

  public boolean holds(@Nullable Object value) {
    return compare(low(), value) <= 0 && compare(value, high()) <= 0;
  }

  /**
   * Whether both have rows on both sides of some value, or one lies inside the other. Ranges that
   * meet in one value, which may be that of more rows than fit into one segment, do not overlap.
   */
  public boolean overlaps(KeyRange other) {
    return compare(low(), other.high()) < 0 && compare(other.low(), high()) < 0;
  }

  /** Takes in value after value. */
  public static final class Builder {
    private final long fieldId;
    private @Nullable Object min;
    private @Nullable Object max;
    private boolean nulls;

    public Builder(Field field) {
      this.fieldId = field.id();
    }

    public void add(@Nullable Object value) {
      if (value == null) {
        nulls = true;
        return;
      }
      if (min == null || compare(value, min) < 0) {
        min = value;
      }
      if (max == null || compare(value, max) > 0) {
        max = value;
      }
    }

    public KeyRange build() {
      return new KeyRange(fieldId, min, max, nulls);
    }
  }
}
