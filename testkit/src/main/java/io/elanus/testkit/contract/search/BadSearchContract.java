package io.elanus.testkit.contract.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.model.error.ErrorCode;
import io.elanus.model.query.Filter;
import io.elanus.model.query.SearchParams;
import io.elanus.model.query.SearchRequest;
import io.elanus.model.query.SearchRequest.Range;
import io.elanus.model.rows.Column;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.Metric;
import io.elanus.testkit.contract.DatabaseUnderTest;
import io.elanus.testkit.contract.OpenCollection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Searches that cannot be answered. */
public interface BadSearchContract extends DatabaseUnderTest {
  @Test
  default void queryVectorsMustFitTheField() {
    OpenCollection c = filled("c", 3);
    ErrorCode invalid = ErrorCode.INVALID_ARGUMENT;
    refused(invalid, () -> c.search(c.nearest(1, 1)));
    refused(invalid, () -> c.search(c.nearest(1, 1, 2, 3)));
    refused(invalid, () -> c.search(c.nearest(1, 1, Float.NaN)));
    refused(invalid, () -> c.search(c.nearest(1, Float.POSITIVE_INFINITY, 1)));
    Column.FloatVectors none = new Column.FloatVectors(2, new float[0]);
    refused(invalid, () -> c.search(SearchRequest.of("c", none, 1)));
    Column.FloatVectors many = new Column.FloatVectors(2, new float[2 * 16_385]);
    refused(invalid, () -> c.search(SearchRequest.of("c", many, 1)));
    assertThat(c.search(c.nearest(1, 1, 1))).hasSize(1);
  }

  @Test
  default void windowsMustFitTheLimits() {
    OpenCollection c = filled("c", 3);
    assertThat(c.search(c.nearest(16_384, 1, 1))).hasSize(3);
    ErrorCode invalid = ErrorCode.INVALID_ARGUMENT;
    refused(invalid, () -> c.search(c.nearest(16_385, 1, 1)));
    refused(invalid, () -> c.search(c.nearest(0, 1, 1)));
    refused(invalid, () -> c.search(c.nearest(-1, 1, 1)));
    refused(invalid, () -> c.search(c.nearest(1, 1, 1).offset(16_384)));
    refused(invalid, () -> c.search(c.nearest(1, 1, 1).offset(-1)));
    refused(invalid, () -> c.search(c.nearest(5, 1, 1).offset(Integer.MAX_VALUE)));
  }

  @Test
  default void fieldsAndMetricsMustBeTheCollections() {
    Field second = Field.named("w", DataType.FLOAT_VECTOR).dim(3).build();
    Field number = Field.named("n", DataType.INT64).build();
    OpenCollection c = open(DatabaseUnderTest.schema("c", false, number, second));
    refused(ErrorCode.INVALID_ARGUMENT, () -> c.search(c.nearest(1, 1, 1)));
    refused(ErrorCode.FIELD_NOT_FOUND, () -> c.search(c.nearest(1, 1, 1).vectorField("none")));
    refused(ErrorCode.INVALID_ARGUMENT, () -> c.search(c.nearest(1, 1, 1).vectorField("n")));
    refused(
        ErrorCode.INVALID_ARGUMENT,
        () -> c.search(c.nearest(1, 1, 1).vectorField("v").metric(Metric.IP)));
    refused(
        ErrorCode.FIELD_NOT_FOUND,
        () -> c.search(c.nearest(1, 1, 1).vectorField("v").outputFields(List.of("none"))));
    refused(
        ErrorCode.INVALID_EXPRESSION,
        () -> c.search(c.nearest(1, 1, 1).vectorField("v").filter(Filter.of("none > 1"))));
    assertThat(c.search(c.nearest(1, 1, 1).vectorField("v").metric(Metric.L2))).isEmpty();
  }

  @Test
  default void rangesMustBeInOrder() {
    OpenCollection l2 = open(DatabaseUnderTest.plain("l2"), Metric.L2);
    OpenCollection ip = open(DatabaseUnderTest.plain("ip"), Metric.IP);
    ErrorCode invalid = ErrorCode.INVALID_ARGUMENT;
    refused(invalid, () -> l2.search(l2.nearest(1, 1, 1).range(new Range(1f, 2f))));
    refused(invalid, () -> l2.search(l2.nearest(1, 1, 1).range(new Range(1f, 1f))));
    refused(invalid, () -> ip.search(ip.nearest(1, 1, 1).range(new Range(2f, 1f))));
    refused(invalid, () -> ip.search(ip.nearest(1, 1, 1).range(new Range(1f, 1f))));
  }

  @Test
  default void parametersOfTheIndexMustMakeSense() {
    OpenCollection c =
        OpenCollection.create(database(), ME, DatabaseUnderTest.plain("c"), "HNSW", Metric.L2);
    c.insert(DatabaseUnderTest.rows(0, 5));
    for (String ef : List.of("4", "0", "-7", "many", "1e3")) {
      refused(
          ErrorCode.INVALID_ARGUMENT,
          () -> c.search(c.nearest(5, 1, 1).params(new SearchParams(Map.of("ef", ef)))));
    }
    assertThat(c.search(c.nearest(5, 1, 1).params(new SearchParams(Map.of("ef", "64")))))
        .hasSize(5);
  }
}
