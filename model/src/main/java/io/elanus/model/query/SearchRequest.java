package io.elanus.model.query;

import io.elanus.model.rows.Column;
import io.elanus.model.schema.Metric;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Nearest-neighbour search for a batch of query vectors.
 *
 * @param vectorField name, or empty where the collection has one vector field
 * @param queries shape [nq × dim], of the field's type; float32 serves for float16 and bfloat16
 *     too; texts (Strings) for a field that a BM25 function makes
 * @param limit hits per query (top-k), without the offset
 * @param metric null to take the index's; otherwise it must equal it
 * @param range null for none
 * @param iterator null unless this is a page of a search iterator
 * @param roundDecimal digits to round scores to, or −1
 */
public record SearchRequest(
    String collection,
    List<String> partitions,
    String vectorField,
    Column queries,
    Filter filter,
    int limit,
    int offset,
    @Nullable Metric metric,
    SearchParams params,
    @Nullable Range range,
    @Nullable Page iterator,
    List<String> outputFields,
    Consistency consistency,
    int roundDecimal,
    boolean ignoreGrowing) {

  /**
   * Bounds on the score, in the metric's own convention. L2: rangeFilter ≤ score &lt; radius; IP
   * and COSINE: radius &lt; score ≤ rangeFilter.
   */
  public record Range(float radius, @Nullable Float rangeFilter) {}

  /**
   * A page of a search iterator (version 2).
   *
   * @param batchSize rows wanted
   * @param lastBound score of the last hit of the page before: only worse ones are wanted
   * @param token empty on the first call
   */
  public record Page(int batchSize, @Nullable Float lastBound, String token) {}

  public SearchRequest {
    partitions = List.copyOf(partitions);
    outputFields = List.copyOf(outputFields);
  }

  public int queryCount() {
    return queries.size();
  }

  public static Builder of(String collection, Column queries, int limit) {
    return new Builder(collection, queries, limit);
  }

  /** Builds a {@link SearchRequest}: no filter, all partitions, BOUNDED, only keys and scores. */
  public static final class Builder {
    private final String collection;
    private final Column queries;
    private final int limit;
    private List<String> partitions = List.of();
    private String vectorField = "";
    private Filter filter = Filter.ALL;
    private int offset;
    private @Nullable Metric metric;
    private SearchParams params = SearchParams.NONE;
    private @Nullable Range range;
    private @Nullable Page iterator;
    private List<String> outputFields = List.of();
    private Consistency consistency = Consistency.BOUNDED;
    private int roundDecimal = -1;
    private boolean ignoreGrowing;

    private Builder(String collection, Column queries, int limit) {
      this.collection = collection;
      this.queries = queries;
      this.limit = limit;
    }

    public Builder partitions(List<String> value) {
      partitions = value;
      return this;
    }

    public Builder vectorField(String value) {
      vectorField = value;
      return this;
    }

    public Builder filter(Filter value) {
      filter = value;
      return this;
    }

    public Builder offset(int value) {
      offset = value;
      return this;
    }

    public Builder metric(@Nullable Metric value) {
      metric = value;
      return this;
    }

    public Builder params(SearchParams value) {
      params = value;
      return this;
    }

    public Builder range(@Nullable Range value) {
      range = value;
      return this;
    }

    public Builder iterator(@Nullable Page value) {
      iterator = value;
      return this;
    }

    public Builder outputFields(List<String> value) {
      outputFields = value;
      return this;
    }

    public Builder consistency(Consistency value) {
      consistency = value;
      return this;
    }

    public Builder roundDecimal(int value) {
      roundDecimal = value;
      return this;
    }

    public Builder ignoreGrowing(boolean value) {
      ignoreGrowing = value;
      return this;
    }

    public SearchRequest build() {
      return new SearchRequest(
          collection,
          partitions,
          vectorField,
          queries,
          filter,
          limit,
          offset,
          metric,
          params,
          range,
          iterator,
          outputFields,
          consistency,
          roundDecimal,
          ignoreGrowing);
    }
  }
}
