package io.elanus.index.damage;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.index.BuildMonitor;
import io.elanus.index.Neighbors;
import io.elanus.index.QueryVector;
import io.elanus.index.RowBitmap;
import io.elanus.index.VectorData;
import io.elanus.index.VectorIndex;
import io.elanus.index.VectorIndexFormat;
import io.elanus.index.VectorIndexes;
import io.elanus.index.VectorQuery;
import io.elanus.index.sparse.SparseRows;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.query.SearchParams;
import io.elanus.model.rows.SparseVector;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Metric;
import io.elanus.store.object.MemoryObjects;
import io.elanus.store.object.ObjectStore;
import io.elanus.testkit.damage.Edits;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * One kind of index, and what its reader may do with a damaged file: refuse it as DATA_CORRUPT when
 * it is opened or searched, or answer rows that exist. The first byte of an input says how: bit 0,
 * whether checksums are made right again after the damage; the others choose the metric.
 */
final class DamagedIndex {
  private static final int ROWS = 400;
  private static final int DIM = 16;
  private static final int LIMIT = 10;

  private final VectorIndexFormat format;
  private final DataType type;
  private final Map<String, String> params;
  private final SearchParams search;
  private final Map<Metric, byte[]> files = new HashMap<>();
  private final VectorData vectors;
  private final QueryVector[] queries = new QueryVector[2];

  DamagedIndex(String name, DataType type, Map<String, String> params, Map<String, String> search) {
    this.format = VectorIndexes.format(name);
    this.type = type;
    this.params = params;
    this.search = new SearchParams(search);
    Random random = new Random(5);
    this.vectors = type == DataType.SPARSE_FLOAT_VECTOR ? sparse(random) : dense(random);
  }

  private VectorData dense(Random random) {
    byte[] bytes = new byte[ROWS * type.vectorBytes(DIM)];
    if (type == DataType.BINARY_VECTOR) {
      random.nextBytes(bytes);
      byte[] query = new byte[type.vectorBytes(DIM)];
      for (int q = 0; q < queries.length; q++) {
        random.nextBytes(query);
        queries[q] = new QueryVector.Bytes(type, query.clone());
      }
    } else {
      float[] values = new float[ROWS * DIM];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextGaussian() + (i / DIM % 5);
      }
      // Some rows twice, so that files have a chain of twins.
      System.arraycopy(values, 0, values, 350 * DIM, 20 * DIM);
      MemorySegment.ofArray(bytes).copyFrom(MemorySegment.ofArray(values));
      for (int q = 0; q < queries.length; q++) {
        queries[q] = new QueryVector.Floats(Arrays.copyOfRange(values, q * DIM, (q + 1) * DIM));
      }
    }
    MemorySegment room = Arena.ofAuto().allocate(bytes.length, 64);
    return new VectorData(room.copyFrom(MemorySegment.ofArray(bytes)), ROWS, DIM, type);
  }

  private VectorData sparse(Random random) {
    int each = 6;
    int[] starts = new int[ROWS + 1];
    int[] indices = new int[ROWS * each];
    float[] values = new float[ROWS * each];
    for (int row = 0; row < ROWS; row++) {
      starts[row + 1] = (row + 1) * each;
      int dimension = 0;
      for (int i = row * each; i < starts[row + 1]; i++) {
        dimension += 1 + random.nextInt(6);
        indices[i] = dimension;
        values[i] = 0.1f + random.nextFloat();
      }
    }
    for (int q = 0; q < queries.length; q++) {
      queries[q] =
          new QueryVector.Sparse(new SparseVector(new int[] {2, 5, 9}, new float[] {1, 2, 1}));
    }
    return new VectorData(new SparseRows(room(starts), room(indices), room(values), ROWS));
  }

  private static MemorySegment room(Object array) {
    MemorySegment from =
        array instanceof int[] ints
            ? MemorySegment.ofArray(ints)
            : MemorySegment.ofArray((float[]) array);
    return Arena.ofAuto().allocate(from.byteSize(), 64).copyFrom(from);
  }

  private List<Metric> metrics() {
    return type == DataType.SPARSE_FLOAT_VECTOR ? List.of(Metric.IP) : Metric.of(type);
  }

  private byte[] file(Metric metric) {
    return files.computeIfAbsent(
        metric,
        m -> {
          MemoryObjects objects = new MemoryObjects();
          try (ObjectStore.Writer out = objects.create("index")) {
            format.build(vectors, m, params, 3, BuildMonitor.NONE, out);
            out.commit();
          }
          return objects.read("index");
        });
  }

  /** Opens, verifies and searches the file with the input's damage. */
  void read(byte[] input) {
    int how = input.length == 0 ? 0 : Byte.toUnsignedInt(input[0]);
    Metric metric = metrics().get((how >> 1) % metrics().size());
    byte[] good = file(metric);
    byte[] script = Arrays.copyOfRange(input, Math.min(1, input.length), input.length);
    byte[] bad = Edits.apply(good, script);
    boolean resealed = (how & 1) == 1;
    if (resealed) {
      Resealed.index(bad);
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment file = arena.allocate(Math.max(1, bad.length), 64).asSlice(0, bad.length);
      file.copyFrom(MemorySegment.ofArray(bad));
      boolean intact = passes(() -> format.verify(file));
      if (!resealed) {
        assertThat(intact).as("verified").isEqualTo(Arrays.equals(bad, good));
      }
      passes(() -> search(format.open(file, vectors, metric)));
    }
  }

  private void search(VectorIndex index) {
    assertThat(index.size()).isEqualTo(ROWS);
    RowBitmap some = new RowBitmap(ROWS);
    for (int row = 0; row < ROWS; row += 3) {
      some.set(row);
    }
    for (QueryVector query : queries) {
      answers(index, query, null, ROWS, Float.POSITIVE_INFINITY);
      answers(index, query, some, some.cardinality(), Float.POSITIVE_INFINITY);
      answers(index, query, null, ROWS, 5f);
    }
  }

  private void answers(
      VectorIndex index, QueryVector query, RowBitmap allowed, int count, float most) {
    Neighbors near =
        index.search(
            new VectorQuery(query, LIMIT, allowed, count, Float.NEGATIVE_INFINITY, most, search));
    for (int row : near.rows()) {
      assertThat(row).isBetween(0, ROWS - 1);
      assertThat(allowed == null || allowed.get(row)).isTrue();
    }
  }

  /** Whether it went through; what is refused is refused in the one way there is. */
  private static boolean passes(Runnable reading) {
    try {
      reading.run();
      return true;
    } catch (ElanusException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.DATA_CORRUPT);
      return false;
    }
  }
}
