package io.elanus.index.scalar;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import io.elanus.store.object.ObjectStore;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Locale;

/**
 * The scalar indexes that are offered. They differ in how they keep the rows of a value: INVERTED,
 * STL_SORT and Trie as sorted row numbers, BITMAP as compressed bitmaps; all keep values sorted.
 */
public final class ScalarIndexes {
  private static final List<String> TYPES =
      List.of("INVERTED", "BITMAP", "STL_SORT", "TRIE", "AUTOINDEX");

  private ScalarIndexes() {}

  /** Throws INDEX_NOT_SUPPORTED where the type does not exist or does not fit the field. */
  public static void check(String type, Field field) {
    String name = type.toUpperCase(Locale.ROOT);
    if (!TYPES.contains(name)) {
      throw new ElanusException(
          ErrorCode.INDEX_NOT_SUPPORTED,
          "invalid index type: %s is not offered for scalar fields; use one of %s"
              .formatted(type, TYPES));
    }
    DataType values = field.type() == DataType.ARRAY ? field.elementType() : field.type();
    boolean fits =
        switch (name) {
          case "STL_SORT" -> field.type().isNumeric() || field.type() == DataType.VARCHAR;
          case "TRIE" -> field.type() == DataType.VARCHAR;
          case "BITMAP" -> !field.primaryKey() && values != null && !values.isFloating();
          default -> true;
        };
    if (!fits || values == null || values == DataType.JSON || values.isVector()) {
      throw new ElanusException(
          ErrorCode.INDEX_NOT_SUPPORTED,
          "index type %s does not fit field %s of type %s"
              .formatted(name, field.name(), field.type()));
    }
  }

  /** Writes the index; the caller commits the writer. */
  public static void build(String type, ScalarValues values, ObjectStore.Writer out) {
    ScalarWriter.write(type.toUpperCase(Locale.ROOT), values, out);
  }

  /** Opens a mapped file; DATA_CORRUPT where it is damaged or of another segment. */
  public static ScalarIndex open(MemorySegment file, int rowCount) {
    return ScalarFile.open(file, rowCount);
  }
}
