package io.elanus.index;

import io.elanus.index.sparse.SparseRows;
import io.elanus.model.rows.Halves;
import io.elanus.model.schema.DataType;
import io.elanus.store.format.FileHeader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Dense vectors off the heap, little-endian, row-major, densely packed: {@link
 * DataType#vectorBytes} bytes each; or sparse ones, see {@link #sparse}.
 */
public final class VectorData {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final MemorySegment values;
  private final int count;
  private final int dim;
  private final DataType type;
  private final long vectorBytes;
  private final @Nullable SparseRows sparse;
  private final @Nullable MemorySegment inverseNorms;

  /**
   * @param values at least count × bytes of a vector
   * @param type a dense vector type
   */
  public VectorData(MemorySegment values, int count, int dim, DataType type) {
    this(values, count, dim, type, null);
  }

  private VectorData(
      MemorySegment values,
      int count,
      int dim,
      DataType type,
      @Nullable MemorySegment inverseNorms) {
    this.values = values;
    this.count = count;
    this.dim = dim;
    this.type = type;
    this.vectorBytes = type.vectorBytes(dim);
    this.sparse = null;
    this.inverseNorms = inverseNorms;
  }

  /** Sparse vectors, which have nothing of what dense ones have but a count. */
  public VectorData(SparseRows rows) {
    this.values = rows.values();
    this.count = rows.count();
    this.dim = 0;
    this.type = DataType.SPARSE_FLOAT_VECTOR;
    this.vectorBytes = 0;
    this.sparse = rows;
    this.inverseNorms = null;
  }

  /** Vectors of float32. */
  public VectorData(MemorySegment values, int count, int dim) {
    this(values, count, dim, DataType.FLOAT_VECTOR);
  }

  /** The rows of sparse vectors. */
  public SparseRows sparse() {
    if (sparse == null) {
      throw new IllegalStateException("not sparse: " + type);
    }
    return sparse;
  }

  /**
   * The same vectors with what COSINE would otherwise compute anew for every row it measures.
   *
   * @param norms 1/length of each row, as little-endian floats; 0 for a zero vector
   */
  public VectorData withInverseNorms(MemorySegment norms) {
    return new VectorData(values, count, dim, type, norms);
  }

  /** 1/length of each row, where somebody keeps them. */
  public @Nullable MemorySegment inverseNorms() {
    return inverseNorms;
  }

  public MemorySegment values() {
    return values;
  }

  public int count() {
    return count;
  }

  public int dim() {
    return dim;
  }

  public DataType type() {
    return type;
  }

  public long vectorBytes() {
    return vectorBytes;
  }

  public long offset(int row) {
    return row * vectorBytes;
  }

  /** Some of the vectors, of a dense type. */
  public VectorData slice(int first, int rows) {
    MemorySegment norms = inverseNorms;
    return new VectorData(
        values.asSlice(offset(first), vectorBytes * rows),
        rows,
        dim,
        type,
        norms == null ? null : norms.asSlice(4L * first, 4L * rows));
  }

  /** One vector as a query for others of its kind. */
  public QueryVector query(int row) {
    return switch (type) {
      case INT8_VECTOR, BINARY_VECTOR ->
          new QueryVector.Bytes(
              type, values.asSlice(offset(row), vectorBytes).toArray(ValueLayout.JAVA_BYTE));
      default -> new QueryVector.Floats(vector(row));
    };
  }

  /** Copies one vector of numbers to the heap, widened to float32. */
  public float[] vector(int row) {
    float[] vector = new float[dim];
    copy(row, vector);
    return vector;
  }

  /**
   * Copies one vector of numbers, widened to float32, into an array that is used again.
   *
   * @param into at least {@code dim} long
   */
  public void copy(int row, float[] into) {
    long from = offset(row);
    switch (type) {
      case FLOAT_VECTOR ->
          MemorySegment.copy(values, ValueLayout.JAVA_FLOAT_UNALIGNED, from, into, 0, dim);
      case INT8_VECTOR -> {
        for (int i = 0; i < dim; i++) {
          into[i] = values.get(ValueLayout.JAVA_BYTE, from + i);
        }
      }
      case FLOAT16_VECTOR -> {
        for (int i = 0; i < dim; i++) {
          into[i] = Float.float16ToFloat(values.get(SHORT, from + 2L * i));
        }
      }
      case BFLOAT16_VECTOR -> {
        for (int i = 0; i < dim; i++) {
          into[i] = Float.intBitsToFloat(values.get(SHORT, from + 2L * i) << 16);
        }
      }
      default -> throw new IllegalStateException("no numbers: " + type);
    }
  }

  /** One number of a vector, widened. */
  public float at(int row, int coordinate) {
    long from = offset(row);
    return switch (type) {
      case FLOAT_VECTOR -> values.get(FileHeader.FLOAT, from + 4L * coordinate);
      case FLOAT16_VECTOR, BFLOAT16_VECTOR ->
          Halves.widen(type, values.get(SHORT, from + 2L * coordinate));
      case INT8_VECTOR -> values.get(ValueLayout.JAVA_BYTE, from + coordinate);
      default -> throw new IllegalStateException("no numbers: " + type);
    };
  }

  /** One vector of bits as a query. */
  public QueryVector bits(int row) {
    byte[] bits = new byte[Math.toIntExact(vectorBytes)];
    copy(row, bits);
    return new QueryVector.Bytes(type, bits);
  }

  /** Copies one vector's bytes into an array that is used again. */
  public void copy(int row, byte[] into) {
    MemorySegment.copy(
        values, ValueLayout.JAVA_BYTE, offset(row), into, 0, Math.toIntExact(vectorBytes));
  }
}
