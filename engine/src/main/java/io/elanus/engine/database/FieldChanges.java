package io.elanus.engine.database;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** What may be altered of a field that has rows. */
final class FieldChanges {
  private static final Set<String> FIXED =
      Set.of("enable_analyzer", "enable_match", "analyzer_params");

  private FieldChanges() {}

  static Field apply(Field field, Map<String, String> set, Set<String> delete) {
    for (String key : delete) {
      if (FIXED.contains(key)) {
        throw new ElanusException(
            ErrorCode.INVALID_ARGUMENT,
            "%s of field %s can not be deleted: rows are stored by it"
                .formatted(key, field.name()));
      }
    }
    Map<String, String> params = new HashMap<>(field.typeParams());
    params.keySet().removeAll(delete);
    Field.Builder changed = field.toBuilder();
    for (Map.Entry<String, String> entry : set.entrySet()) {
      String key = entry.getKey();
      switch (key) {
        case "max_length" -> {
          boolean text =
              field.type() == DataType.VARCHAR || field.elementType() == DataType.VARCHAR;
          changed.maxLength(grown(field, key, text, field.maxLength(), entry.getValue()));
        }
        case "max_capacity" ->
            changed.maxCapacity(
                grown(
                    field,
                    key,
                    field.type() == DataType.ARRAY,
                    field.maxCapacity(),
                    entry.getValue()));
        case "field.description" -> changed.description(entry.getValue());
        case "mmap.enabled" -> {}
        default ->
            throw new ElanusException(
                ErrorCode.INVALID_ARGUMENT,
                "%s does not allow update in collection field param".formatted(key));
      }
      if (!key.equals("field.description")) {
        params.put(key, entry.getValue());
      }
    }
    return changed.typeParams(params).build();
  }

  /** Stored rows must go on fitting: limits only grow. */
  private static int grown(Field field, String key, boolean fits, int before, String text) {
    if (!fits) {
      throw new ElanusException(
          ErrorCode.INVALID_ARGUMENT,
          "%s can not be set on field %s of type %s".formatted(key, field.name(), field.type()));
    }
    if (!text.matches("\\d{1,9}") || Integer.parseInt(text) < before) {
      throw new ElanusException(
          ErrorCode.INVALID_ARGUMENT,
          "%s of field %s can only grow from %d, got %s"
              .formatted(key, field.name(), before, text));
    }
    return Integer.parseInt(text);
  }
}
