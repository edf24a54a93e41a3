package io.elanus.server.validate;

import io.elanus.model.schema.DataType;
import java.util.Optional;

/** The protocol's data types that are offered. */
final class FieldTypes {
  private FieldTypes() {}

  static Optional<DataType> of(io.milvus.grpc.DataType type) {
    return switch (type) {
      case Bool -> Optional.of(DataType.BOOL);
      case Int8 -> Optional.of(DataType.INT8);
      case Int16 -> Optional.of(DataType.INT16);
      case Int32 -> Optional.of(DataType.INT32);
      case Int64 -> Optional.of(DataType.INT64);
      case Float -> Optional.of(DataType.FLOAT);
      case Double -> Optional.of(DataType.DOUBLE);
      case VarChar -> Optional.of(DataType.VARCHAR);
      case JSON -> Optional.of(DataType.JSON);
      case Array -> Optional.of(DataType.ARRAY);
      case FloatVector -> Optional.of(DataType.FLOAT_VECTOR);
      case Float16Vector -> Optional.of(DataType.FLOAT16_VECTOR);
      case BFloat16Vector -> Optional.of(DataType.BFLOAT16_VECTOR);
      case Int8Vector -> Optional.of(DataType.INT8_VECTOR);
      case BinaryVector -> Optional.of(DataType.BINARY_VECTOR);
      case SparseFloatVector -> Optional.of(DataType.SPARSE_FLOAT_VECTOR);
      default -> Optional.empty();
    };
  }
}
