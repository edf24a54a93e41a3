package io.elanus.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.elanus.model.Caller;
import io.elanus.model.Database;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.Metric;
import io.elanus.model.schema.Schema;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What the parts of the contract stand on: a database, and a few collections to fill. */
public interface DatabaseUnderTest {
  Caller ME = Caller.SYSTEM;

  Database database();

  /** Closes the database and opens it again over what it kept. */
  void reopen();

  /** The call throws this code, with a sentence that is fit for users. */
  default void refused(ErrorCode code, ThrowingCallable call) {
    assertThat(catchThrowable(call))
        .isInstanceOfSatisfying(
            ElanusException.class,
            e -> {
              assertThat(e.code()).as(e.getMessage()).isEqualTo(code);
              assertThat(e.getMessage())
                  .hasSizeGreaterThan(5)
                  .doesNotContain("io.elanus", "java.", "Exception");
            });
  }

  /** An INT64 key {@code id}, an INT64 {@code n}, a two-dimensional vector {@code v}. */
  static Schema plain(String name) {
    return schema(name, false, Field.named("n", DataType.INT64).build());
  }

  /** An INT64 key {@code id}, these fields, a two-dimensional vector {@code v}. */
  static Schema schema(String name, boolean dynamic, Field... fields) {
    List<Field> all = new java.util.ArrayList<>();
    all.add(Field.named("id", DataType.INT64).primaryKey(true).build());
    all.addAll(List.of(fields));
    all.add(Field.named("v", DataType.FLOAT_VECTOR).dim(2).build());
    return new Schema(name, "", all, dynamic, 0);
  }

  static Map<String, Object> row(long id, long n, double x, double y) {
    return Map.of("id", id, "n", n, "v", List.of(x, y));
  }

  default OpenCollection open(Schema schema) {
    return open(schema, Metric.L2);
  }

  default OpenCollection open(Schema schema, Metric metric) {
    return OpenCollection.create(database(), ME, schema, "FLAT", metric);
  }

  /** {@code n} and the first coordinate equal the key. */
  default OpenCollection filled(String name, int rows) {
    OpenCollection collection = open(plain(name));
    collection.insert(rows(0, rows));
    return collection;
  }

  static List<Map<String, Object>> rows(int from, int to) {
    return java.util.stream.IntStream.range(from, to).mapToObj(i -> row(i, i, i, 1)).toList();
  }
}
