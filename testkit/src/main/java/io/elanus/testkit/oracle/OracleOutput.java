package io.elanus.testkit.oracle;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.rows.Column;
import io.elanus.model.rows.Columns;
import io.elanus.model.rows.RowBatch;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.Schema;
import io.elanus.testkit.json.Json;
import io.elanus.testkit.oracle.OracleTable.Row;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields a request wants to see.
 *
 * @param keys of the dynamic field; empty for all
 */
record OracleOutput(List<String> names, Set<Field> fields, Set<String> keys) {
  static OracleOutput of(Schema schema, List<String> asked, boolean withKey) {
    Set<String> names = new LinkedHashSet<>();
    Set<Field> fields = new LinkedHashSet<>();
    Set<String> keys = new LinkedHashSet<>();
    Field dynamic = schema.field(Schema.DYNAMIC_FIELD).orElse(null);
    for (String name : asked) {
      Field field = schema.field(name).orElse(null);
      if (name.equals("*")) {
        for (Field stored : schema.storedFields()) {
          if (schema.functionOf(stored.name()).isEmpty()) {
            fields.add(stored);
            names.add(stored.name());
          }
        }
      } else if (schema.functionOf(name).isPresent()) {
        throw OracleState.invalid("nobody sees field " + name);
      } else if (field != null) {
        fields.add(field);
        names.add(name);
      } else if (dynamic != null) {
        keys.add(name);
        names.add(name);
      } else {
        throw new ElanusException(ErrorCode.FIELD_NOT_FOUND, "there is no field named " + name);
      }
    }
    if (withKey && fields.add(schema.primaryKey())) {
      names.add(schema.primaryKey().name());
    }
    boolean whole = dynamic != null && fields.contains(dynamic);
    if (dynamic != null && !keys.isEmpty()) {
      fields.add(dynamic);
    }
    return new OracleOutput(List.copyOf(names), fields, whole ? Set.of() : keys);
  }

  RowBatch batch(Schema schema, List<Row> rows) {
    Map<String, Column> columns = new LinkedHashMap<>();
    for (Field field : fields) {
      List<@Nullable Object> values = new ArrayList<>();
      for (Row row : rows) {
        Object value = row.values().get(field.name());
        values.add(field.dynamic() && value instanceof byte[] json ? picked(json) : value);
      }
      columns.put(field.name(), Columns.of(field, values));
    }
    return new RowBatch(rows.size(), columns);
  }

  private byte[] picked(byte[] object) {
    if (keys.isEmpty()) {
      return object;
    }
    Map<Object, Object> picked = new LinkedHashMap<>((Map<?, ?>) Json.parse(object));
    picked.keySet().retainAll(keys);
    return Json.bytes(picked);
  }
}
