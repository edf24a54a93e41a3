package io.elanus.model.schema;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a schema must obey before a collection is created with it. */
public final class SchemaRules {
  private SchemaRules() {}

  /** Throws INVALID_SCHEMA or INVALID_NAME with a sentence naming the field at fault. */
  public static void check(Schema schema) {
    Names.check("collection", schema.name(), ErrorCode.INVALID_NAME);
    List<Field> fields = schema.fields();
    if (fields.isEmpty()) {
      throw invalid("a collection needs at least a primary key and a vector field");
    }
    if (fields.size() > Limits.FIELDS_MAX) {
      throw invalid(
          "maximum field's number should be limited to %d, got %d"
              .formatted(Limits.FIELDS_MAX, fields.size()));
    }
    Set<String> names = new HashSet<>();
    for (Field field : fields) {
      if (!names.add(field.name())) {
        throw invalid("duplicated field name %s found".formatted(field.name()));
      }
      checkField(field);
    }
    checkRoles(schema);
    FunctionRules.check(schema);
  }

  /** The rules of one field alone. */
  public static void checkField(Field field) {
    Names.check("field", field.name(), ErrorCode.INVALID_NAME);
    switch (field.type()) {
      case FLOAT_VECTOR, FLOAT16_VECTOR, BFLOAT16_VECTOR, INT8_VECTOR, BINARY_VECTOR ->
          checkVector(field);
      case SPARSE_FLOAT_VECTOR -> checkSparse(field);
      case VARCHAR -> checkMaxLength(field);
      case ARRAY -> checkArray(field);
      default -> {}
    }
    if (field.primaryKey()) {
      checkPrimaryKey(field);
    } else if (field.autoId()) {
      throw invalid("only the primary key can be auto id, not field " + field.name());
    }
    if (field.partitionKey()) {
      checkPartitionKey(field);
    }
    if (field.clusteringKey() && !field.type().isOrdered()) {
      throw invalid(
          "the data type of clustering key should be an integer, Float, Double or VarChar, field name = "
              + field.name());
    }
    checkDefault(field);
    FunctionRules.checkTexts(field);
  }

  /** A field added to an existing collection: rows that exist must have a value for it. */
  public static void checkAdded(Schema schema, Field field) {
    checkField(field);
    if (schema.field(field.name()).isPresent()) {
      throw invalid("duplicated field name %s found".formatted(field.name()));
    }
    if (schema.fields().size() >= Limits.FIELDS_MAX) {
      throw invalid("maximum field's number should be limited to " + Limits.FIELDS_MAX);
    }
    if (field.type().isVector()) {
      throw invalid("not support to add vector field, field name = " + field.name());
    }
    if (field.primaryKey() || field.partitionKey() || field.clusteringKey()) {
      throw invalid("an added field cannot be a key, field name = " + field.name());
    }
    if (!field.nullable()) {
      throw invalid("added field must be nullable, please check it, field name = " + field.name());
    }
  }

  private static void checkRoles(Schema schema) {
    List<Field> fields = schema.fields();
    long primaryKeys = fields.stream().filter(Field::primaryKey).count();
    if (primaryKeys == 0) {
      throw invalid("primary key is not specified");
    }
    if (primaryKeys > 1) {
      throw invalid("there are more than one primary key");
    }
    if (fields.stream().filter(Field::partitionKey).count() > 1) {
      throw invalid("there are more than one partition key");
    }
    if (fields.stream().filter(Field::clusteringKey).count() > 1) {
      throw invalid("there are more than one clustering key");
    }
    int vectors = schema.vectorFields().size();
    if (vectors == 0) {
      throw invalid("schema does not contain vector field");
    }
    if (vectors > Limits.VECTOR_FIELDS_MAX) {
      throw invalid(
          "maximum vector field's number should be limited to %d, got %d"
              .formatted(Limits.VECTOR_FIELDS_MAX, vectors));
    }
  }

  private static void checkVector(Field field) {
    boolean bits = field.type() == DataType.BINARY_VECTOR;
    int min = bits ? Limits.BINARY_DIM_MIN : Limits.DIM_MIN;
    int max = bits ? Limits.BINARY_DIM_MAX : Limits.DIM_MAX;
    if (field.dim() < min || field.dim() > max) {
      throw invalid(
          "invalid dimension: %d of field %s, it should be in range %d to %d"
              .formatted(field.dim(), field.name(), min, max));
    }
    if (bits && field.dim() % 8 != 0) {
      throw invalid(
          "invalid dimension: %d of field %s, it should be a multiple of 8"
              .formatted(field.dim(), field.name()));
    }
    if (field.nullable()) {
      throw invalid("vector type not support null, field name = " + field.name());
    }
  }

  private static void checkSparse(Field field) {
    if (field.dim() != 0 || field.typeParams().containsKey("dim")) {
      throw invalid(
          "dim should not be specified for the sparse vector field %s, whose dimensions are all below 2^32 - 1"
              .formatted(field.name()));
    }
    if (field.nullable()) {
      throw invalid("vector type not support null, field name = " + field.name());
    }
  }

  private static void checkMaxLength(Field field) {
    if (field.maxLength() < 1 || field.maxLength() > Limits.VARCHAR_BYTES_MAX) {
      throw invalid(
          "type param(max_length) should be specified for the varChar field(%s) and be in (0, %d], got %d"
              .formatted(field.name(), Limits.VARCHAR_BYTES_MAX, field.maxLength()));
    }
  }

  private static void checkArray(Field field) {
    DataType element = field.elementType();
    if (element == null || !element.isArrayElement()) {
      throw invalid(
          "element type %s of array field %s is not supported".formatted(element, field.name()));
    }
    if (field.maxCapacity() < 1 || field.maxCapacity() > Limits.ARRAY_CAPACITY_MAX) {
      throw invalid(
          "type param(max_capacity) should be specified for the array field(%s) and be in (0, %d], got %d"
              .formatted(field.name(), Limits.ARRAY_CAPACITY_MAX, field.maxCapacity()));
    }
    if (element == DataType.VARCHAR) {
      checkMaxLength(field);
    }
  }

  private static void checkPrimaryKey(Field field) {
    if (field.type() != DataType.INT64 && field.type() != DataType.VARCHAR) {
      throw invalid("the data type of primary key should be Int64 or VarChar");
    }
    if (field.nullable()) {
      throw invalid("primary field not support null, field name = " + field.name());
    }
    if (field.defaultValue() != null) {
      throw invalid("primary field not support default_value, field name = " + field.name());
    }
    if (field.partitionKey()) {
      throw invalid("the primary key cannot be the partition key, field name = " + field.name());
    }
  }

  private static void checkPartitionKey(Field field) {
    if (field.type() != DataType.INT64 && field.type() != DataType.VARCHAR) {
      throw invalid("the data type of partition key should be Int64 or VarChar");
    }
    if (field.nullable()) {
      throw invalid("partition key field not support nullable, field name = " + field.name());
    }
  }

  private static void checkDefault(Field field) {
    @Nullable Object value = field.defaultValue();
    if (value == null) {
      return;
    }
    boolean fits =
        switch (field.type()) {
          case BOOL -> value instanceof Boolean;
          case INT8, INT16, INT32, INT64 ->
              value instanceof Long n
                  && n >= field.type().minValue()
                  && n <= field.type().maxValue();
          case FLOAT -> value instanceof Float f && Float.isFinite(f);
          case DOUBLE -> value instanceof Double d && Double.isFinite(d);
          case VARCHAR ->
              value instanceof String s
                  && s.getBytes(java.nio.charset.StandardCharsets.UTF_8).length
                      <= field.maxLength();
          default -> false;
        };
    if (!fits) {
      throw invalid(
          "default value %s does not fit field %s of type %s"
              .formatted(value, field.name(), field.type()));
    }
  }

  private static ElanusException invalid(String message) {
    return new ElanusException(ErrorCode.INVALID_SCHEMA, message);
  }
}
