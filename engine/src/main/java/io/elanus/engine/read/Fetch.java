package io.elanus.engine.read;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.elanus.engine.segment.Segment;
import io.elanus.model.rows.Column;
import io.elanus.model.rows.Columns;
import io.elanus.model.rows.RowBatch;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.Schema;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the output fields of rows found, in their order, segment by segment. */
final class Fetch {
  private static final JsonFactory JSON = new JsonFactory();

  private final List<Hit> hits;
  private final Map<Segment, List<Integer>> positions = new LinkedHashMap<>();

  Fetch(List<Hit> hits) {
    this.hits = hits;
    for (int i = 0; i < hits.size(); i++) {
      positions.computeIfAbsent(hits.get(i).segment(), s -> new ArrayList<>()).add(i);
    }
  }

  RowBatch batch(Schema schema, OutputFields output) {
    Map<String, Column> columns = new LinkedHashMap<>();
    for (Field field : output.fields()) {
      columns.put(field.name(), column(field));
    }
    if (output.dynamic()) {
      Field meta = schema.field(Schema.DYNAMIC_FIELD).orElseThrow();
      columns.put(meta.name(), projected((Column.Jsons) column(meta), output.dynamicKeys()));
    }
    return new RowBatch(hits.size(), columns);
  }

  Column column(Field field) {
    if (hits.isEmpty()) {
      return Columns.empty(field);
    }
    List<Column> parts = new ArrayList<>();
    int[] order = new int[hits.size()];
    int next = 0;
    for (Map.Entry<Segment, List<Integer>> entry : positions.entrySet()) {
      int[] rows = entry.getValue().stream().mapToInt(i -> hits.get(i).row()).toArray();
      parts.add(entry.getKey().column(field).gather(rows));
      for (int position : entry.getValue()) {
        order[position] = next++;
      }
    }
    Column all = Columns.concat(field, parts);
    return parts.size() == 1 ? all : all.select(order);
  }

  /** Only these keys of each object; all of them where none is named. */
  private static Column projected(Column.Jsons objects, Set<String> keys) {
    if (keys.isEmpty()) {
      return objects;
    }
    byte[] @Nullable [] picked = new byte[objects.size()] @Nullable [];
    for (int i = 0; i < picked.length; i++) {
      byte[] object = objects.values()[i];
      picked[i] = object == null ? null : pick(object, keys);
    }
    return new Column.Jsons(picked);
  }

  private static byte[] pick(byte[] object, Set<String> keys) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(object.length);
    try (JsonParser from = JSON.createParser(object);
        JsonGenerator to = JSON.createGenerator(out)) {
      to.writeStartObject();
      from.nextToken();
      while (from.nextToken() == JsonToken.FIELD_NAME) {
        if (keys.contains(from.currentName())) {
          to.copyCurrentStructure(from);
        } else {
          from.nextToken();
          from.skipChildren();
        }
      }
      to.writeEndObject();
    } catch (IOException e) {
      throw new IllegalStateException("a stored object is not JSON", e);
    }
    return out.toByteArray();
  }
}
