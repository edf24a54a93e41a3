package io.elanus.model.schema;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The fields of a collection. The user's fields come in the order given; where the dynamic field is
 * on, a hidden JSON field {@link #DYNAMIC_FIELD} stands last in {@link #storedFields()}.
 *
 * @param fields the user's fields, without the dynamic one
 * @param version grows with every change of the schema, 0 at first
 * @param functions that make fields of other fields
 */
public record Schema(
    String name,
    String description,
    List<Field> fields,
    boolean dynamicFieldEnabled,
    int version,
    List<SchemaFunction> functions) {

  /** Name of the hidden JSON field that keeps keys which no field declares. */
  public static final String DYNAMIC_FIELD = "$meta";

  /** Ids below are reserved: 0 is the row id, 1 the timestamp. */
  public static final long FIRST_USER_FIELD_ID = 100;

  /** Functions are numbered from here on. */
  public static final long FIRST_FUNCTION_ID = 100;

  /** The dynamic field's fixed id. */
  public static final long DYNAMIC_FIELD_ID = 99;

  public Schema {
    fields = List.copyOf(fields);
    functions = List.copyOf(functions);
  }

  /** A schema without functions. */
  public Schema(
      String name,
      String description,
      List<Field> fields,
      boolean dynamicFieldEnabled,
      int version) {
    this(name, description, fields, dynamicFieldEnabled, version, List.of());
  }

  public Schema withName(String newName) {
    return new Schema(newName, description, fields, dynamicFieldEnabled, version, functions);
  }

  public Schema withDescription(String newDescription) {
    return new Schema(name, newDescription, fields, dynamicFieldEnabled, version, functions);
  }

  public Schema withFields(List<Field> newFields, int newVersion) {
    return new Schema(name, description, newFields, dynamicFieldEnabled, newVersion, functions);
  }

  /** The same schema with fields and functions that have their ids, given in their order. */
  public Schema numbered(int newVersion) {
    List<Field> numberedFields = new ArrayList<>();
    for (Field field : fields) {
      numberedFields.add(field.withId(FIRST_USER_FIELD_ID + numberedFields.size()));
    }
    List<SchemaFunction> numberedFunctions = new ArrayList<>();
    for (SchemaFunction function : functions) {
      numberedFunctions.add(function.withId(FIRST_FUNCTION_ID + numberedFunctions.size()));
    }
    return new Schema(
        name, description, numberedFields, dynamicFieldEnabled, newVersion, numberedFunctions);
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

  public Optional<Field> clusteringKey() {
    return fields.stream().filter(Field::clusteringKey).findFirst();
  }

  /** INVALID_ARGUMENT where there is none. */
  public Field requireClusteringKey() {
    return clusteringKey()
        .orElseThrow(
            () ->
                new ElanusException(
                    ErrorCode.INVALID_ARGUMENT,
                    "collection %s has no clustering key; create it with a field that has is_clustering_key, or ask for an ordinary compaction"
                        .formatted(name)));
  }

  public List<Field> vectorFields() {
    return fields.stream().filter(f -> f.type().isVector()).toList();
  }

  /** The function that makes this field; empty for a field that clients send. */
  public Optional<SchemaFunction> functionOf(String outputField) {
    return functions.stream().filter(f -> f.outputs().contains(outputField)).findFirst();
  }

  /** The metrics that a vector field can have; the first is taken where a user names none. */
  public List<Metric> metrics(Field vectorField) {
    return functionOf(vectorField.name()).isPresent()
        ? List.of(Metric.BM25)
        : Metric.of(vectorField.type());
  }

  private static Field dynamicField() {
    return Field.named(DYNAMIC_FIELD, DataType.JSON).id(DYNAMIC_FIELD_ID).dynamic(true).build();
  }
}
