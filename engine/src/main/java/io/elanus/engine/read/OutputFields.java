package io.elanus.engine.read;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.Schema;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a request wants to see of the rows it finds.
 *
 * @param names as asked, the wildcard expanded
 * @param fields stored fields to read, without {@code $meta}
 * @param dynamic whether {@code $meta} is read
 * @param dynamicKeys the keys wanted of it; empty for all
 */
public record OutputFields(
    List<String> names, List<Field> fields, boolean dynamic, Set<String> dynamicKeys) {

  /** FIELD_NOT_FOUND for a name that is no field, where the dynamic field is off. */
  public static OutputFields of(Schema schema, List<String> asked, boolean withKey) {
    Set<String> names = new LinkedHashSet<>();
    Set<Field> fields = new LinkedHashSet<>();
    Set<String> keys = new LinkedHashSet<>();
    boolean whole = false;
    for (String name : asked) {
      if (name.equals("*")) {
        for (Field field : schema.storedFields()) {
          if (schema.functionOf(field.name()).isEmpty()) {
            names.add(field.name());
            fields.add(field);
          }
        }
        fields.removeIf(Field::dynamic);
        whole |= schema.dynamicFieldEnabled();
      } else if (name.equals(Schema.DYNAMIC_FIELD) && schema.dynamicFieldEnabled()) {
        names.add(name);
        whole = true;
      } else if (schema.functionOf(name).isPresent()) {
        throw new ElanusException(
            ErrorCode.INVALID_ARGUMENT,
            "not allowed to retrieve raw data of field %s, which is the output of a function"
                .formatted(name));
      } else if (schema.field(name).isPresent()) {
        names.add(name);
        fields.add(schema.field(name).get());
      } else if (schema.dynamicFieldEnabled()) {
        names.add(name);
        keys.add(dynamicKey(name));
      } else {
        throw new ElanusException(
            ErrorCode.FIELD_NOT_FOUND,
            "field %s not exist in collection %s".formatted(name, schema.name()));
      }
    }
    if (withKey && fields.add(schema.primaryKey())) {
      names.add(schema.primaryKey().name());
    }
    return new OutputFields(
        new ArrayList<>(names),
        new ArrayList<>(fields),
        whole || !keys.isEmpty(),
        whole ? Set.of() : keys);
  }

  /** {@code $meta["key"]} names the same as {@code key}. */
  private static String dynamicKey(String name) {
    String prefix = Schema.DYNAMIC_FIELD + "[";
    if (name.startsWith(prefix) && name.endsWith("]") && name.length() > prefix.length() + 3) {
      return name.substring(prefix.length() + 1, name.length() - 2);
    }
    return name;
  }
}
