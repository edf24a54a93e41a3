package io.elanus.app.export;

import io.elanus.model.schema.Schema;
import io.milvus.grpc.CollectionSchema;
import io.milvus.grpc.DataType;
import io.milvus.grpc.FieldSchema;
import java.util.ArrayList;
import java.util.List;

/**
 * A column of an export.
 *
 * @param element of arrays
 * @param dynamic whether it holds what no field declares, as JSON
 */
record ExportedField(
    String name, DataType type, DataType element, boolean nullable, boolean dynamic) {
  /** The declared fields in their order, and the dynamic one where there is one. */
  static List<ExportedField> of(CollectionSchema schema) {
    List<ExportedField> fields = new ArrayList<>();
    for (FieldSchema field : schema.getFieldsList()) {
      if (!field.getIsDynamic()) {
        fields.add(
            new ExportedField(
                field.getName(),
                field.getDataType(),
                field.getElementType(),
                field.getNullable(),
                false));
      }
    }
    if (schema.getEnableDynamicField()) {
      fields.add(new ExportedField(Schema.DYNAMIC_FIELD, DataType.JSON, DataType.None, true, true));
    }
    return fields;
  }
}
