package io.elanus.model.schema;

/** Fixed limits, the same as Milvus documents them, so that clients meet no surprise. */
public final class Limits {
  public static final int NAME_LENGTH_MAX = 255;
  public static final int FIELDS_MAX = 64;
  public static final int VECTOR_FIELDS_MAX = 10;
  public static final int DIM_MIN = 2;
  public static final int DIM_MAX = 32_768;
  public static final int BINARY_DIM_MIN = 8;
  public static final int BINARY_DIM_MAX = 262_144;
  public static final int VARCHAR_BYTES_MAX = 65_535;
  public static final int ARRAY_CAPACITY_MAX = 4_096;
  public static final int JSON_BYTES_MAX = 65_536;
  public static final int PARTITIONS_MAX = 1_024;
  public static final int PARTITION_KEY_PARTITIONS_DEFAULT = 16;
  public static final int DATABASES_MAX = 64;
  public static final int COLLECTIONS_MAX = 65_536;
  public static final int SHARDS_MAX = 16;

  /** Most hits of one query, most queries of one search, most rows of one page. */
  public static final int RESULT_WINDOW_MAX = 16_384;

  private Limits() {}
}
