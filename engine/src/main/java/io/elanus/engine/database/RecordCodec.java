package io.elanus.engine.database;

import io.elanus.engine.database.CollectionRecord.IndexRecord;
import io.elanus.engine.database.CollectionRecord.PartitionRecord;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.info.DatabaseInfo;
import io.elanus.model.query.Consistency;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.IndexSpec;
import io.elanus.model.schema.Metric;
import io.elanus.model.schema.Schema;
import io.elanus.model.schema.SchemaFunction;
import io.elanus.store.format.FileHeader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Catalog records as bytes: a version byte (2; records of 1 have no functions in a schema), then
 * the record's parts in order as {@link DataOutputStream} writes them (big-endian, texts in
 * modified UTF-8 with a two-byte length, which the limits on names, descriptions and properties
 * keep it within; enums by name).
 */
final class RecordCodec {
  private static final int VERSION = 2;

  /** Records of version 1 have no functions in their schemas. */
  private static final int VERSION_MIN = 1;

  private RecordCodec() {}

  private interface Writing {
    void to(DataOutputStream out) throws IOException;
  }

  private interface Reading<T> {
    T from(DataInputStream in, int version) throws IOException;
  }

  private static byte[] write(Writing writing) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      writing.to(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static <T> T read(byte[] bytes, Reading<T> reading) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int version = in.readByte();
      if (version < VERSION_MIN || version > VERSION) {
        throw FileHeader.corrupt("a catalog record has version " + version + ", unknown here");
      }
      return reading.from(in, version);
    } catch (ElanusException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // Names of no enum, schemas without a key: whatever the constructors do not take.
      throw new ElanusException(ErrorCode.DATA_CORRUPT, "a catalog record is damaged", e);
    }
  }

  // --- databases ------------------------------------------------------------------------------

  static byte[] encode(DatabaseInfo database) {
    return write(
        out -> {
          out.writeLong(database.id());
          out.writeUTF(database.name());
          putMap(out, database.properties());
          out.writeLong(database.createdTimestamp());
        });
  }

  static DatabaseInfo database(byte[] bytes) {
    return read(
        bytes,
        (in, version) -> new DatabaseInfo(in.readLong(), in.readUTF(), takeMap(in), in.readLong()));
  }

  // --- collections ----------------------------------------------------------------------------

  static byte[] encode(CollectionRecord record) {
    return write(
        out -> {
          out.writeLong(record.id());
          out.writeLong(record.databaseId());
          putSchema(out, record.schema());
          out.writeUTF(record.consistency().name());
          putMap(out, record.properties());
          out.writeInt(record.shardCount());
          out.writeInt(record.keyPartitions());
          out.writeLong(record.createdTimestamp());
          out.writeLong(record.updatedTimestamp());
          out.writeInt(record.partitions().size());
          for (PartitionRecord partition : record.partitions()) {
            out.writeLong(partition.id());
            out.writeUTF(partition.name());
            out.writeLong(partition.createdTimestamp());
            out.writeBoolean(partition.loaded());
          }
          out.writeInt(record.indexes().size());
          for (IndexRecord index : record.indexes()) {
            putIndex(out, index);
          }
        });
  }

  static CollectionRecord collection(byte[] bytes) {
    return read(
        bytes,
        (in, version) -> {
          long id = in.readLong();
          long databaseId = in.readLong();
          Schema schema = takeSchema(in, version);
          Consistency.Level level = Consistency.Level.valueOf(in.readUTF());
          Map<String, String> properties = takeMap(in);
          int shards = in.readInt();
          int keyPartitions = in.readInt();
          long created = in.readLong();
          long updated = in.readLong();
          List<PartitionRecord> partitions = new ArrayList<>();
          for (int i = in.readInt(); i > 0; i--) {
            partitions.add(
                new PartitionRecord(in.readLong(), in.readUTF(), in.readLong(), in.readBoolean()));
          }
          List<IndexRecord> indexes = new ArrayList<>();
          for (int i = in.readInt(); i > 0; i--) {
            indexes.add(takeIndex(in));
          }
          return new CollectionRecord(
              id,
              databaseId,
              schema,
              level,
              properties,
              shards,
              keyPartitions,
              created,
              updated,
              partitions,
              indexes);
        });
  }

  private static void putSchema(DataOutputStream out, Schema schema) throws IOException {
    out.writeUTF(schema.name());
    out.writeUTF(schema.description());
    out.writeBoolean(schema.dynamicFieldEnabled());
    out.writeInt(schema.version());
    out.writeInt(schema.fields().size());
    for (Field field : schema.fields()) {
      putField(out, field);
    }
    out.writeInt(schema.functions().size());
    for (SchemaFunction function : schema.functions()) {
      putFunction(out, function);
    }
  }

  private static Schema takeSchema(DataInputStream in, int recordVersion) throws IOException {
    String name = in.readUTF();
    String description = in.readUTF();
    boolean dynamic = in.readBoolean();
    int version = in.readInt();
    List<Field> fields = new ArrayList<>();
    for (int i = in.readInt(); i > 0; i--) {
      fields.add(takeField(in));
    }
    List<SchemaFunction> functions = new ArrayList<>();
    for (int i = recordVersion > 1 ? in.readInt() : 0; i > 0; i--) {
      functions.add(takeFunction(in));
    }
    return new Schema(name, description, fields, dynamic, version, functions);
  }

  private static void putFunction(DataOutputStream out, SchemaFunction function)
      throws IOException {
    out.writeLong(function.id());
    out.writeUTF(function.name());
    out.writeUTF(function.description());
    out.writeUTF(function.type().name());
    putTexts(out, function.inputs());
    putTexts(out, function.outputs());
    putMap(out, function.params());
  }

  private static SchemaFunction takeFunction(DataInputStream in) throws IOException {
    return new SchemaFunction(
        in.readLong(),
        in.readUTF(),
        in.readUTF(),
        SchemaFunction.Type.valueOf(in.readUTF()),
        takeTexts(in),
        takeTexts(in),
        takeMap(in));
  }

  private static void putTexts(DataOutputStream out, List<String> texts) throws IOException {
    out.writeInt(texts.size());
    for (String text : texts) {
      out.writeUTF(text);
    }
  }

  private static List<String> takeTexts(DataInputStream in) throws IOException {
    List<String> texts = new ArrayList<>();
    for (int i = in.readInt(); i > 0; i--) {
      texts.add(in.readUTF());
    }
    return texts;
  }

  private static void putField(DataOutputStream out, Field field) throws IOException {
    out.writeLong(field.id());
    out.writeUTF(field.name());
    out.writeUTF(field.description());
    out.writeUTF(field.type().name());
    DataType element = field.elementType();
    out.writeUTF(element == null ? "" : element.name());
    out.writeBoolean(field.primaryKey());
    out.writeBoolean(field.autoId());
    out.writeBoolean(field.nullable());
    putDefault(out, field.defaultValue());
    out.writeBoolean(field.partitionKey());
    out.writeBoolean(field.clusteringKey());
    out.writeInt(field.dim());
    out.writeInt(field.maxLength());
    out.writeInt(field.maxCapacity());
    putMap(out, field.typeParams());
  }

  private static Field takeField(DataInputStream in) throws IOException {
    long id = in.readLong();
    String name = in.readUTF();
    String description = in.readUTF();
    Field.Builder field =
        Field.named(name, DataType.valueOf(in.readUTF())).id(id).description(description);
    String element = in.readUTF();
    return field
        .elementType(element.isEmpty() ? null : DataType.valueOf(element))
        .primaryKey(in.readBoolean())
        .autoId(in.readBoolean())
        .nullable(in.readBoolean())
        .defaultValue(takeDefault(in))
        .partitionKey(in.readBoolean())
        .clusteringKey(in.readBoolean())
        .dim(in.readInt())
        .maxLength(in.readInt())
        .maxCapacity(in.readInt())
        .typeParams(takeMap(in))
        .build();
  }

  private static void putDefault(DataOutputStream out, @Nullable Object value) throws IOException {
    switch (value) {
      case null -> out.writeByte(0);
      case Boolean b -> {
        out.writeByte(1);
        out.writeBoolean(b);
      }
      case Long n -> {
        out.writeByte(2);
        out.writeLong(n);
      }
      case Float f -> {
        out.writeByte(3);
        out.writeFloat(f);
      }
      case Double d -> {
        out.writeByte(4);
        out.writeDouble(d);
      }
      case String s -> {
        out.writeByte(5);
        out.writeUTF(s);
      }
      default -> throw new IllegalStateException("no default value: " + value.getClass());
    }
  }

  private static @Nullable Object takeDefault(DataInputStream in) throws IOException {
    return switch (in.readByte()) {
      case 1 -> in.readBoolean();
      case 2 -> in.readLong();
      case 3 -> in.readFloat();
      case 4 -> in.readDouble();
      case 5 -> in.readUTF();
      default -> null;
    };
  }

  private static void putIndex(DataOutputStream out, IndexRecord index) throws IOException {
    IndexSpec spec = index.spec();
    Metric metric = spec.metric();
    out.writeLong(index.id());
    out.writeUTF(spec.field());
    out.writeUTF(spec.name());
    out.writeUTF(spec.type());
    out.writeUTF(metric == null ? "" : metric.name());
    putMap(out, spec.params());
    putMap(out, spec.properties());
  }

  private static IndexRecord takeIndex(DataInputStream in) throws IOException {
    long id = in.readLong();
    String field = in.readUTF();
    String name = in.readUTF();
    String type = in.readUTF();
    String metric = in.readUTF();
    return new IndexRecord(
        id,
        new IndexSpec(
            field,
            name,
            type,
            metric.isEmpty() ? null : Metric.valueOf(metric),
            takeMap(in),
            takeMap(in)));
  }

  private static void putMap(DataOutputStream out, Map<String, String> map) throws IOException {
    out.writeInt(map.size());
    for (Map.Entry<String, String> entry : map.entrySet()) {
      out.writeUTF(entry.getKey());
      out.writeUTF(entry.getValue());
    }
  }

  private static Map<String, String> takeMap(DataInputStream in) throws IOException {
    Map<String, String> map = new LinkedHashMap<>();
    for (int i = in.readInt(); i > 0; i--) {
      String key = in.readUTF();
      map.put(key, in.readUTF());
    }
    return map;
  }
}
