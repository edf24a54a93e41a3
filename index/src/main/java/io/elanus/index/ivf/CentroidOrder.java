package io.elanus.index.ivf;

import io.elanus.index.QueryVector;
import io.elanus.index.VectorData;
import io.elanus.index.distance.Scorer;
import io.elanus.model.query.SearchParams;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Metric;
import org.jspecify.annotations.Nullable;

/**
 * Which lists of vectors are near a query: by the graph where there is one; whoever asks for all
 * has them all measured.
 *
 * @param metric of the rows; under COSINE centroids of numbers are means of rows of unit length
 */
record CentroidOrder(Metric metric, VectorData centroids, @Nullable CentroidGraph graph) {
  /** Under COSINE vectors of unit length lie here, and the inner product is the cosine. */
  static Metric unit(Metric metric) {
    return metric == Metric.COSINE ? Metric.IP : metric;
  }

  /** The query's numbers as the centroids have them. */
  float[] placed(QueryVector query) {
    return metric == Metric.COSINE ? Scorer.normalized(query.floats()) : query.floats();
  }

  /**
   * @param effort of the graph
   */
  ListWalk.Order of(QueryVector query, SearchParams effort) {
    return new ListWalk.Order() {
      @Override
      public int lists() {
        return centroids.count();
      }

      @Override
      public int[] nearest(int count) {
        CentroidGraph over = graph;
        if (over != null && count < centroids.count()) {
          return over.nearest(placed(query), count, effort);
        }
        float[] distances = new float[centroids.count()];
        scorer(query).to(0, distances.length, distances);
        return ListWalk.byDistance(distances).nearest(count);
      }
    };
  }

  private Scorer scorer(QueryVector query) {
    return centroids.type() == DataType.BINARY_VECTOR
        ? Scorer.of(metric, centroids, null).query(query)
        : Scorer.of(unit(metric), centroids, null).query(placed(query));
  }
}
