package io.elanus.app.export;

import io.milvus.grpc.CollectionSchema;
import io.milvus.grpc.DataType;
import io.milvus.grpc.FieldData;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;
import org.jspecify.annotations.Nullable;

/**
 * Parquet, compressed by Snappy. Integers, floats, booleans and texts as Parquet's own; JSON as
 * JSON texts; arrays, and vectors of all dense types, as lists (half vectors of float, which holds
 * them exactly; binary ones of their bytes as uint8); sparse vectors as a struct of {@code indices}
 * (uint32) and {@code values} (float); the dynamic field as a JSON column named {@code $meta}.
 */
final class ParquetRows implements RowFile {
  private static final long ROW_GROUP_BYTES = 32L << 20;

  private final ParquetWriter<Row> writer;

  /** A row of a page. */
  private record Row(Map<String, FieldData> columns, int number) {
    @Nullable Object value(ExportedField field) {
      FieldData column = columns.get(field.name());
      return column == null ? null : PageValues.at(column, number);
    }
  }

  ParquetRows(Path file, CollectionSchema schema) throws IOException {
    writer =
        new Builder(new LocalOutputFile(file), ExportedField.of(schema), schema.getName())
            .withConf(new PlainParquetConfiguration())
            .withCompressionCodec(CompressionCodecName.SNAPPY)
            .withRowGroupSize(ROW_GROUP_BYTES)
            .build();
  }

  @Override
  public void write(List<FieldData> columns, int rows) throws IOException {
    Map<String, FieldData> byName = new HashMap<>();
    columns.forEach(column -> byName.put(column.getFieldName(), column));
    for (int row = 0; row < rows; row++) {
      writer.write(new Row(byName, row));
    }
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }

  private static final class Builder extends ParquetWriter.Builder<Row, Builder> {
    private final Support support;

    Builder(OutputFile file, List<ExportedField> fields, String name) {
      super(file);
      support = new Support(fields, name);
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    protected WriteSupport<Row> getWriteSupport(Configuration configuration) {
      return support;
    }

    @Override
    protected WriteSupport<Row> getWriteSupport(ParquetConfiguration configuration) {
      return support;
    }
  }

  private static final class Support extends WriteSupport<Row> {
    private final List<ExportedField> fields;
    private final MessageType schema;
    private @Nullable RecordConsumer consumer;

    Support(List<ExportedField> fields, String name) {
      this.fields = fields;
      this.schema =
          new MessageType(name, fields.stream().map(ParquetRows::type).toArray(Type[]::new));
    }

    @Override
    public WriteContext init(Configuration configuration) {
      return new WriteContext(schema, Map.of());
    }

    @Override
    public WriteContext init(ParquetConfiguration configuration) {
      return new WriteContext(schema, Map.of());
    }

    @Override
    public void prepareForWrite(RecordConsumer to) {
      consumer = to;
    }

    @Override
    public void write(Row row) {
      RecordConsumer to = java.util.Objects.requireNonNull(consumer);
      to.startMessage();
      for (int i = 0; i < fields.size(); i++) {
        Object value = row.value(fields.get(i));
        if (value != null) {
          String name = fields.get(i).name();
          to.startField(name, i);
          put(to, value);
          to.endField(name, i);
        }
      }
      to.endMessage();
    }
  }

  // --- types ------------------------------------------------------------------------------------

  private static Type type(ExportedField field) {
    Type.Repetition repetition =
        field.nullable() ? Type.Repetition.OPTIONAL : Type.Repetition.REQUIRED;
    return switch (field.type()) {
      case Array -> list(repetition, scalar(field.element()), field.name());
      case FloatVector, Float16Vector, BFloat16Vector ->
          list(repetition, scalar(DataType.Float), field.name());
      case Int8Vector -> list(repetition, scalar(DataType.Int8), field.name());
      case BinaryVector -> list(repetition, integer(8, false), field.name());
      case SparseFloatVector ->
          Types.buildGroup(repetition)
              .addField(list(Type.Repetition.REQUIRED, integer(32, false), "indices"))
              .addField(list(Type.Repetition.REQUIRED, scalar(DataType.Float), "values"))
              .named(field.name());
      default -> scalar(field.type()).repeated(repetition, field.name());
    };
  }

  /** A type that has no name yet. */
  private record Scalar(PrimitiveTypeName physical, @Nullable LogicalTypeAnnotation logical) {
    Type repeated(Type.Repetition repetition, String name) {
      var type = Types.primitive(physical, repetition);
      return logical == null ? type.named(name) : type.as(logical).named(name);
    }
  }

  private static Scalar integer(int bits, boolean signed) {
    return new Scalar(PrimitiveTypeName.INT32, LogicalTypeAnnotation.intType(bits, signed));
  }

  private static Scalar scalar(DataType type) {
    return switch (type) {
      case Bool -> new Scalar(PrimitiveTypeName.BOOLEAN, null);
      case Int8 -> integer(8, true);
      case Int16 -> integer(16, true);
      case Int32 -> integer(32, true);
      case Int64 -> new Scalar(PrimitiveTypeName.INT64, null);
      case Float -> new Scalar(PrimitiveTypeName.FLOAT, null);
      case Double -> new Scalar(PrimitiveTypeName.DOUBLE, null);
      case JSON -> new Scalar(PrimitiveTypeName.BINARY, LogicalTypeAnnotation.jsonType());
      default -> new Scalar(PrimitiveTypeName.BINARY, LogicalTypeAnnotation.stringType());
    };
  }

  private static Type list(Type.Repetition repetition, Scalar element, String name) {
    return Types.list(repetition)
        .element(element.repeated(Type.Repetition.REQUIRED, "element"))
        .named(name);
  }

  // --- values -----------------------------------------------------------------------------------

  private static void put(RecordConsumer to, Object value) {
    switch (value) {
      case Boolean flag -> to.addBoolean(flag);
      case Integer number -> to.addInteger(number);
      case Long number -> to.addLong(number);
      case Float number -> to.addFloat(number);
      case Double number -> to.addDouble(number);
      case PageValues.Json(String text) -> to.addBinary(Binary.fromString(text));
      case PageValues.Sparse sparse -> {
        to.startGroup();
        to.startField("indices", 0);
        put(to, sparse.indices().stream().map(Long::intValue).toList());
        to.endField("indices", 0);
        to.startField("values", 1);
        put(to, sparse.values());
        to.endField("values", 1);
        to.endGroup();
      }
      case List<?> list -> {
        to.startGroup();
        if (!list.isEmpty()) {
          to.startField("list", 0);
          for (Object each : list) {
            to.startGroup();
            to.startField("element", 0);
            put(to, each);
            to.endField("element", 0);
            to.endGroup();
          }
          to.endField("list", 0);
        }
        to.endGroup();
      }
      default -> to.addBinary(Binary.fromString(value.toString()));
    }
  }
}
