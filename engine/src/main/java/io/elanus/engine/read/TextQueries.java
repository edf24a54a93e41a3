package io.elanus.engine.read;

import io.elanus.engine.filter.Filters;
import io.elanus.engine.segment.Snapshot;
import io.elanus.index.QueryVector;
import io.elanus.index.RowBitmap;
import io.elanus.index.VectorData;
import io.elanus.index.VectorIndex;
import io.elanus.index.sparse.Bm25;
import io.elanus.index.sparse.Saturation;
import io.elanus.index.sparse.TermRows;
import io.elanus.index.sparse.TermStatistics;
import io.elanus.index.text.Analyzers;
import io.elanus.index.text.Terms;
import io.elanus.index.text.TextAnalyzer;
import io.elanus.model.query.Filter;
import io.elanus.model.query.SearchRequest;
import io.elanus.model.rows.Column;
import io.elanus.model.rows.SparseVector;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/**
 * Turns texts that are searched for into terms and what each is worth.
 *
 * <p>The statistics are taken from the request's own snapshot, over every row of the collection
 * that is visible in it: deleted rows do not count, whether they are compacted or not, and neither
 * filters, partitions named nor {@code ignore_growing} change a score. So one row has one score at
 * one moment, whichever segment it lies in. (Milvus counts deleted rows until they are compacted.)
 *
 * @param relevance the numbers of a field's index
 * @param partitions ids of all partitions of the collection
 */
public record TextQueries(Schema schema, Function<Field, Bm25> relevance, Set<Long> partitions) {

  /** The queries of a request whose queries are texts. */
  List<QueryVector> terms(
      Snapshot snapshot,
      Field vectorField,
      SearchRequest request,
      long timestamp,
      long oldestTimestamp) {
    List<SparseVector> counts = counts(vectorField, (Column.Strings) request.queries());
    int[] dimensions =
        counts.stream().flatMapToInt(c -> java.util.Arrays.stream(c.indices())).toArray();
    TermStatistics statistics = new TermStatistics(dimensions);
    Scope everything =
        new Scope(
            Filters.compile(Filter.ALL, schema),
            partitions,
            timestamp,
            oldestTimestamp,
            false,
            () -> {});
    for (Scope.Part part : everything.parts(snapshot)) {
      add(part, vectorField, statistics);
    }
    Bm25 bm25 = relevance.apply(vectorField).with(request.params().values());
    Saturation saturation = bm25.saturation(statistics.averageLength());
    List<QueryVector> queries = new ArrayList<>();
    for (SparseVector asked : counts) {
      float[] weights = new float[asked.size()];
      for (int i = 0; i < weights.length; i++) {
        double rarity = statistics.rarity(asked.indices()[i]);
        weights[i] = (float) (asked.values()[i] * rarity * (bm25.k1() + 1));
      }
      queries.add(new QueryVector.Terms(new SparseVector(asked.indices(), weights), saturation));
    }
    return queries;
  }

  private List<SparseVector> counts(Field vectorField, Column.Strings texts) {
    String input = schema.functionOf(vectorField.name()).orElseThrow().inputs().getFirst();
    TextAnalyzer analyzer = Analyzers.of(schema.field(input).orElseThrow().analyzerParams());
    List<SparseVector> counts = new ArrayList<>(texts.size());
    for (String text : texts.values()) {
      counts.add(Terms.counts(analyzer.words(Objects.requireNonNull(text))));
    }
    return counts;
  }

  private static void add(Scope.Part part, Field vectorField, TermStatistics statistics) {
    VectorIndex index = part.segment().vectorIndex(vectorField);
    RowBitmap rows = part.rows();
    if (index instanceof TermRows known) {
      statistics.add(known, part.whole() ? null : rows, part.count());
      return;
    }
    int first = 0;
    for (VectorData chunk : part.segment().vectors(vectorField)) {
      statistics.add(chunk.sparse(), first, rows);
      first += chunk.count();
    }
  }
}
