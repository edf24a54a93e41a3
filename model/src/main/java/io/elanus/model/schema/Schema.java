package io.elanus.model.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The fields of a collection. The user's fields come in the order given; where the dynamic field is
 * on, a hidden JSON field {@link #DYNAMIC_FIELD} stands last in {@link #storedFields()}.
 *
 * @param fields the user's fields, without the dynamic one
 * @param version grows with every change of the schema, 0 at first
 */
public record Schema(
    String name, String description, List<Field> fields, boolean dynamicFieldEnabled, int version) {

  /** Name of the hidden JSON field that keeps keys which no field declares. */
  public static final String DYNAMIC_FIELD = "$meta";

  /** Ids below are reserved: 0 is the row id, 1 the timestamp. */
  public static final long FIRST_USER_FIELD_ID = 100;

  /** The dynamic field's fixed id. */
  public static final long DYNAMIC_FIELD_ID = 99;

  public Schema {
    fields = List.copyOf(fields);
  }

  /** All fields that have a column: the user's, then the dynamic one where it is on. */
  public List<Field> storedFields() {
    if (!dynamicFieldEnabled) {
      return fields;
    }
    List<Field> all = new ArrayList<>(fields);
    all.add(dynamicField());
    return all;
  }

  /** The field of that name, the dynamic one included where it is on. */
  public Optional<Field> field(String fieldName) {
    if (dynamicFieldEnabled && fieldName.equals(DYNAMIC_FIELD)) {
      return Optional.of(dynamicField());
    }
    for (Field f : fields) {
      if (f.name().equals(fieldName)) {
        return Optional.of(f);
      }
    }
    return Optional.empty();
  }

  public Field primaryKey() {
    for (Field f : fields) {
      if (f.primaryKey()) {
        return f;
      }
    }
    throw new IllegalStateException("a schema without primary key passed the gate");
  }

  public Optional<Field> partitionKey() {
    return fields.stream().filter(Field::partitionKey).findFirst();
  }

  public List<Field> vectorFields() {
    return fields.stream().filter(f -> f.type().isVector()).toList();
  }

  private static Field dynamicField() {
    return Field.named(DYNAMIC_FIELD, DataType.JSON).id(DYNAMIC_FIELD_ID).dynamic(true).build();
  }
}
