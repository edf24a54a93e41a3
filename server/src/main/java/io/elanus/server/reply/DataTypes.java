package io.elanus.server.reply;

import io.elanus.model.schema.DataType;

/** The protocol's names of our data types. */
final class DataTypes {
  private DataTypes() {}

  static io.milvus.grpc.DataType of(DataType type) {
    return switch (type) {
      case BOOL -> io.milvus.grpc.DataType.Bool;
      case INT8 -> io.milvus.grpc.DataType.Int8;
      case INT16 -> io.milvus.grpc.DataType.Int16;
      case INT32 -> io.milvus.grpc.DataType.Int32;
      case INT64 -> io.milvus.grpc.DataType.Int64;
      case FLOAT -> io.milvus.grpc.DataType.Float;
      case DOUBLE -> io.milvus.grpc.DataType.Double;
      case VARCHAR -> io.milvus.grpc.DataType.VarChar;
      case JSON -> io.milvus.grpc.DataType.JSON;
      case ARRAY -> io.milvus.grpc.DataType.Array;
      case FLOAT_VECTOR -> io.milvus.grpc.DataType.FloatVector;
      case FLOAT16_VECTOR -> io.milvus.grpc.DataType.Float16Vector;
      case BFLOAT16_VECTOR -> io.milvus.grpc.DataType.BFloat16Vector;
      case INT8_VECTOR -> io.milvus.grpc.DataType.Int8Vector;
      case BINARY_VECTOR -> io.milvus.grpc.DataType.BinaryVector;
      case SPARSE_FLOAT_VECTOR -> io.milvus.grpc.DataType.SparseFloatVector;
    };
  }
}
