package io.elanus.engine.write;

import io.elanus.model.schema.Field;
import io.elanus.model.schema.IndexSpec;
import java.util.Map;

/** An index that every sealed segment shall have. */
public record IndexTarget(long indexId, Field field, IndexSpec spec) {
  private static final String WORDS = "WORDS";

  /**
   * The words of a field's texts, which a field that filters may match has beside what users ask
   * for. Its id is the field's, negative: no index that has a name has such a one.
   */
  public static IndexTarget words(Field field) {
    return new IndexTarget(
        -field.id(), field, new IndexSpec(field.name(), "", WORDS, null, Map.of(), Map.of()));
  }

  static boolean isWords(String type) {
    return type.equals(WORDS);
  }
}
