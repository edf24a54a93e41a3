package io.elanus.testkit.oracle;

import io.elanus.model.rows.Column;
import io.elanus.model.rows.Columns;
import io.elanus.model.rows.Halves;
import io.elanus.model.rows.SparseVector;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.Metric;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Vectors of any dense type as plain numbers, one a coordinate, sparse ones as a map, and what
 * metrics make of them.
 */
final class OracleVectors {
  private OracleVectors() {}

  /** A stored value of the field. */
  static double[] numbers(Field field, Object value) {
    return numbers((Column.Vectors) Columns.of(field, List.of(value)), 0);
  }

  static double[] numbers(Column.Vectors vectors, int row) {
    double[] numbers = new double[vectors.dim()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] =
          switch (vectors) {
            case Column.FloatVectors floats -> floats.values()[row * floats.dim() + i];
            case Column.ByteVectors bytes -> number(bytes.type(), bytes.get(row), i);
            case Column.SparseVectors sparse -> throw new IllegalStateException("sparse");
          };
    }
    return numbers;
  }

  /** A sparse vector's values by dimension. */
  static Map<Long, Double> entries(SparseVector vector) {
    Map<Long, Double> entries = new TreeMap<>();
    for (int i = 0; i < vector.size(); i++) {
      entries.put(Integer.toUnsignedLong(vector.indices()[i]), (double) vector.values()[i]);
    }
    return entries;
  }

  /** A query without its smallest entries, as many as the ratio says; equal ones stay. */
  static Map<Long, Double> dropped(Map<Long, Double> query, double ratio) {
    List<Double> sorted = query.values().stream().sorted().toList();
    Map<Long, Double> kept = new TreeMap<>(query);
    kept.values().removeIf(v -> v < sorted.get((int) (ratio * sorted.size())));
    return kept;
  }

  /** The inner product over the dimensions of both; 0 says that they have nothing in common. */
  static float product(Map<Long, Double> query, Map<Long, Double> row) {
    double product = 0;
    for (Map.Entry<Long, Double> entry : row.entrySet()) {
      product += entry.getValue() * query.getOrDefault(entry.getKey(), 0.0);
    }
    return (float) product;
  }

  private static double number(DataType type, byte[] bytes, int at) {
    return switch (type) {
      case INT8_VECTOR -> bytes[at];
      case BINARY_VECTOR -> bytes[at / 8] >> at % 8 & 1;
      default -> Halves.widen(type, (short) ((bytes[2 * at] & 0xFF) + (bytes[2 * at + 1] << 8)));
    };
  }

  static float score(Metric metric, double[] a, double[] b) {
    double distance = 0;
    double product = 0;
    double lengths = 0;
    double squares = 0;
    for (int i = 0; i < a.length; i++) {
      double difference = a[i] - b[i];
      distance += difference * difference;
      product += a[i] * b[i];
      lengths += a[i] * a[i];
      squares += b[i] * b[i];
    }
    return switch (metric) {
      // Of bits, the squared distance is how many differ, the product how many both have.
      case L2, HAMMING -> (float) distance;
      case IP -> (float) product;
      case BM25 -> throw new IllegalStateException("not of vectors: " + metric);
      case COSINE -> squares == 0 ? 0 : (float) (product / Math.sqrt(lengths * squares));
      case JACCARD ->
          lengths + squares == 0 ? 1 : (float) (1 - product / (lengths + squares - product));
    };
  }
}
