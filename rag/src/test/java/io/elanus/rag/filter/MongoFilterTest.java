package io.elanus.rag.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.elanus.model.error.ElanusException;
import io.elanus.model.query.Filter;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MongoFilterTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  private static Filter compiled(String filter) {
    return Expression.of(MongoFilter.parse(json(filter)), "f");
  }

  private static void refused(String filter, String... parts) {
    assertThatThrownBy(() -> compiled(filter))
        .isInstanceOf(ElanusException.class)
        .hasMessageContainingAll(parts);
  }

  @Test
  void valuesAreBoundAndNeverWritten() {
    Filter filter = compiled("{\"source_id\": \"a\\\" or true or \\\"\"}");
    assertThat(filter.expression()).isEqualTo("(source_id == {f0})");
    assertThat(filter.parameters()).isEqualTo(Map.of("f0", "a\" or true or \""));
    assertThat(compiled("{\"tags\": [\"a\", \"b\"]}").expression())
        .isEqualTo("(array_contains_any(tags, {f0}))");
    assertThat(compiled("{\"tags\": {\"$ne\": \"a\"}}").expression())
        .isEqualTo("(not (array_contains(tags, {f0})))");
    assertThat(compiled("{\"chunk_index\": {\"$gte\": 2, \"$lt\": 5}}").expression())
        .isEqualTo("((chunk_index >= {f0}) and (chunk_index < {f1}))");
  }

  @Test
  void keysAreEscaped() {
    assertThat(compiled("{\"a\\\"]) or true or (x[\\\"b\": 1}").expression())
        .isEqualTo(
            "(metadata[\"a\\U00000022\\U0000005D\\U00000029 or true or \\U00000028x\\U0000005B\\U00000022b\"] == {f0}"
                + " or json_contains(metadata[\"a\\U00000022\\U0000005D\\U00000029 or true or \\U00000028x\\U0000005B\\U00000022b\"], {f0}))");
    assertThat(compiled("{\"{f0}.ü\": {\"$exists\": true}}").expression())
        .isEqualTo("((exists metadata[\"\\U0000007Bf0\\U0000007D\"][\"\\U000000FC\"]))");
    assertThat(compiled("{\"metadata.title\": {\"$gt\": 1}}").expression())
        .isEqualTo("(metadata[\"title\"] > {f0})");
  }

  @Test
  void nothingIsAskedOfNothing() {
    assertThat(compiled("{}")).isEqualTo(Filter.ALL);
    assertThat(compiled("{\"author\": {\"$in\": []}}").expression()).isEqualTo("false");
    assertThat(compiled("{\"author\": {\"$nin\": []}}").expression()).isEqualTo("true");
    assertThat(compiled("{\"$or\": [{}, {\"title\": \"a\"}]}").expression()).contains("true or");
  }

  @Test
  void datesAreMilliseconds() {
    for (Map.Entry<String, Long> date :
        Map.of(
                "1970-01-02",
                86_400_000L,
                "1970-01-01T00:00:01.250Z",
                1_250L,
                "1970-01-01T01:00:01+01:00",
                1_000L,
                "1970-01-01T00:00:02",
                2_000L)
            .entrySet()) {
      Filter filter = compiled("{\"timestamp\": {\"$gte\": \"%s\"}}".formatted(date.getKey()));
      assertThat(filter.parameters()).containsEntry("f0", date.getValue());
    }
    assertThat(compiled("{\"timestamp\": {\"$lt\": 17}}").parameters()).containsEntry("f0", 17L);
    refused("{\"timestamp\": {\"$gte\": \"yesterday\"}}", "yesterday", "2026-01-31");
    refused("{\"timestamp\": {\"$gte\": \"2026-13-01\"}}", "2026-13-01");
    refused("{\"timestamp\": {\"$gte\": \"+999999999-01-01T00:00:00Z\"}}", "no date");
  }

  @Test
  void whatIsUnknownIsNamedWithWhatIsKnown() {
    refused("{\"a\": {\"$regex\": \"x\"}}", "$regex", "$exists", "$nin");
    refused("{\"$nor\": [{\"a\": 1}]}", "$nor", "$and");
    refused("{\"$gt\": 1}", "$gt stands inside a field");
    refused("{\"a\": {\"$and\": []}}", "$and stands outside");
    refused("{\"a\": {\"b\": 1}}", "a.b");
    refused("{\"a\": {}}", "no operator");
    refused("[1]", "a filter is an object");
    refused("{\"$and\": []}", "one or more filters");
    refused("{\"$and\": {\"a\": 1}}", "one or more filters");
    refused("{\"a\": {\"$in\": 1}}", "no list");
    refused("{\"a\": {\"$exists\": 1}}", "true or false");
    refused("{\"a\": {\"$not\": 1}}", "$ne");
    refused("{\"a\": [[1]]}", "[1]");
    refused("{\"a..b\": 1}", "a..b");
    refused("{\"a.$b\": 1}", "begins with $");
    refused("{\"a\": 1e400}", "Infinity");
    refused("{\"a\": 18446744073709551616}", "18446744073709551616", "64 bits");
    refused("{\"a\": {\"$gt\": true}}", "no order");
    refused("{\"tags\": {\"$gt\": \"a\"}}", "tags has no order");
    refused("{\"tags\": 5}", "tags is text", "5");
    refused("{\"title\": true}", "title is text");
    refused("{\"chunk_index\": \"5\"}", "chunk_index is a number");
    refused("{\"a\": \"\\ud800\"}", "half a character");
    assertThatThrownBy(() -> MongoFilter.parse(JSON.createObjectNode().put("\ud800", 1)))
        .hasMessageContaining("half a character");
  }

  @Test
  void sizeIsBounded() {
    refused("{\"$not\":".repeat(17) + "{\"a\":1}" + "}".repeat(17), "deeper than 16");
    String deep = "{\"$not\":".repeat(14) + "{\"a\":{\"$gt\":1}}" + "}".repeat(14);
    assertThat(compiled(deep).expression()).isNotEmpty();
    String wide =
        IntStream.range(0, 300).mapToObj(i -> "{\"a\":" + i + "}").collect(Collectors.joining(","));
    refused("{\"$or\": [" + wide + "]}", "256 conditions");
    String many =
        IntStream.range(0, 5_000).mapToObj(Integer::toString).collect(Collectors.joining(","));
    refused("{\"a\": [" + many + "]}", "4096 values");
    refused("{\"a\": \"" + "x".repeat(300_000) + "\"}", "262144 characters");
    refused("{\"a.b.c.d.e.f.g.h.i\": 1}", "8 keys");
  }

  @Test
  void aConditionIsAskedOfADocument() {
    DocumentFields fields =
        new DocumentFields(
            "s",
            3,
            List.of("x", "y"),
            86_400_000L,
            "Title",
            "",
            json(
                "{\"year\": 2026, \"who\": {\"name\": \"Ä\"}, \"list\": [1, \"b\"], \"no\": null}"));
    Map<String, Boolean> table =
        Map.ofEntries(
            Map.entry("{\"source_id\": \"s\", \"tags\": \"x\"}", true),
            Map.entry("{\"tags\": [\"z\", \"y\"]}", true),
            Map.entry("{\"tags\": {\"$nin\": [\"z\", \"y\"]}}", false),
            Map.entry("{\"timestamp\": \"1970-01-02\"}", true),
            Map.entry("{\"year\": {\"$gte\": 2026.0}}", true),
            Map.entry("{\"year\": \"2026\"}", false),
            Map.entry("{\"year\": {\"$not\": {\"$gt\": 2030}}}", true),
            Map.entry("{\"who.name\": \"Ä\"}", true),
            Map.entry("{\"list\": \"b\", \"list.0\": 1}", true),
            Map.entry("{\"list\": {\"$gt\": 0}}", false),
            Map.entry("{\"no\": null, \"nothing\": null, \"year\": {\"$ne\": null}}", true),
            Map.entry("{\"nothing\": {\"$ne\": 5}}", true),
            Map.entry("{\"nothing\": {\"$gt\": 5}}", false),
            Map.entry("{\"nothing\": [5, null]}", true),
            Map.entry("{\"heading\": {\"$exists\": false}}", true),
            Map.entry("{\"who\": {\"$exists\": true}, \"who.x\": {\"$exists\": false}}", true));
    table.forEach(
        (filter, expected) ->
            assertThat(Evaluator.test(MongoFilter.parse(json(filter)), fields))
                .as(filter)
                .isEqualTo(expected));
  }

  @Test
  void filtersAreJoined() {
    Filter a = compiled("{\"title\": \"a\"}");
    Filter b = Expression.of(MongoFilter.parse(json("{\"title\": \"b\"}")), "g");
    assertThat(Expression.both(a, b).parameters()).isEqualTo(Map.of("f0", "a", "g0", "b"));
    assertThat(Expression.both(a, Filter.ALL)).isEqualTo(a);
    assertThat(Expression.both(Filter.ALL, b)).isEqualTo(b);
    assertThatThrownBy(() -> Expression.both(a, a)).hasMessageContaining("f0");
  }
}
