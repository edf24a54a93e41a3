package io.elanus.model.schema;

/** The types a field can have. Types that are not offered yet are absent, not stubs. */
public enum DataType {
  BOOL,
  INT8,
  INT16,
  INT32,
  INT64,
  FLOAT,
  DOUBLE,
  VARCHAR,
  JSON,
  ARRAY,
  FLOAT_VECTOR,
  FLOAT16_VECTOR,
  BFLOAT16_VECTOR,
  INT8_VECTOR,
  BINARY_VECTOR,
  SPARSE_FLOAT_VECTOR;

  /** INT8, INT16, INT32, INT64. */
  public boolean isInteger() {
    return this == INT8 || this == INT16 || this == INT32 || this == INT64;
  }

  /** FLOAT, DOUBLE. */
  public boolean isFloating() {
    return this == FLOAT || this == DOUBLE;
  }

  public boolean isNumeric() {
    return isInteger() || isFloating();
  }

  /** Types of single values that have an order: numbers and VARCHAR. */
  public boolean isOrdered() {
    return isNumeric() || this == VARCHAR;
  }

  public boolean isVector() {
    return isDenseVector() || this == SPARSE_FLOAT_VECTOR;
  }

  /** Vectors that give every dimension a value, in rows of equal length. */
  public boolean isDenseVector() {
    return isNumericVector() || this == BINARY_VECTOR;
  }

  /** Dense vectors of numbers, each of which a float32 holds exactly. */
  public boolean isNumericVector() {
    return this == FLOAT_VECTOR
        || this == FLOAT16_VECTOR
        || this == BFLOAT16_VECTOR
        || this == INT8_VECTOR;
  }

  /** Bytes of one dense vector of this dimension; BINARY_VECTOR has a bit for each. */
  public int vectorBytes(int dim) {
    return switch (this) {
      case FLOAT_VECTOR -> 4 * dim;
      case FLOAT16_VECTOR, BFLOAT16_VECTOR -> 2 * dim;
      case INT8_VECTOR -> dim;
      case BINARY_VECTOR -> dim / 8;
      default -> throw new IllegalStateException("not a dense vector: " + this);
    };
  }

  /** Types that may be elements of an ARRAY. */
  public boolean isArrayElement() {
    return this == BOOL || isNumeric() || this == VARCHAR;
  }

  /** Smallest value an integer type holds. */
  public long minValue() {
    return switch (this) {
      case INT8 -> Byte.MIN_VALUE;
      case INT16 -> Short.MIN_VALUE;
      case INT32 -> Integer.MIN_VALUE;
      default -> Long.MIN_VALUE;
    };
  }

  /** Largest value an integer type holds. */
  public long maxValue() {
    return switch (this) {
      case INT8 -> Byte.MAX_VALUE;
      case INT16 -> Short.MAX_VALUE;
      case INT32 -> Integer.MAX_VALUE;
      default -> Long.MAX_VALUE;
    };
  }
}
