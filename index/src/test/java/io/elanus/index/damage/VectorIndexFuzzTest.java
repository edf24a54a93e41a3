package io.elanus.index.damage;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.elanus.model.schema.DataType;
import java.util.Map;

/** Every kind of vector index over damaged files; one target each. */
class VectorIndexFuzzTest {
  private static final Map<String, String> EF = Map.of("ef", "16");
  private static final Map<String, String> PROBES = Map.of("nprobe", "3");

  private static DamagedIndex floats(
      String name, Map<String, String> build, Map<String, String> search) {
    return new DamagedIndex(name, DataType.FLOAT_VECTOR, build, search);
  }

  private static final DamagedIndex FLAT = floats("FLAT", Map.of(), Map.of());

  @FuzzTest
  void flat(byte[] input) {
    FLAT.read(input);
  }

  private static final DamagedIndex BIN_FLAT =
      new DamagedIndex("BIN_FLAT", DataType.BINARY_VECTOR, Map.of(), Map.of());

  @FuzzTest
  void binFlat(byte[] input) {
    BIN_FLAT.read(input);
  }

  private static final DamagedIndex HNSW =
      floats("HNSW", Map.of("M", "4", "efConstruction", "20"), EF);

  @FuzzTest
  void hnsw(byte[] input) {
    HNSW.read(input);
  }

  private static final DamagedIndex HNSW_SQ =
      floats(
          "HNSW_SQ",
          Map.of(
              "M",
              "4",
              "efConstruction",
              "20",
              "sq_type",
              "SQ6",
              "refine",
              "true",
              "refine_type",
              "SQ8"),
          EF);

  @FuzzTest
  void hnswSq(byte[] input) {
    HNSW_SQ.read(input);
  }

  private static final DamagedIndex HNSW_PQ =
      floats("HNSW_PQ", Map.of("M", "4", "efConstruction", "20", "m", "4", "nbits", "4"), EF);

  @FuzzTest
  void hnswPq(byte[] input) {
    HNSW_PQ.read(input);
  }

  private static final DamagedIndex HNSW_PRQ =
      floats(
          "HNSW_PRQ",
          Map.of("M", "4", "efConstruction", "20", "m", "2", "nrq", "2", "nbits", "4"),
          EF);

  @FuzzTest
  void hnswPrq(byte[] input) {
    HNSW_PRQ.read(input);
  }

  private static final DamagedIndex IVF_FLAT = floats("IVF_FLAT", Map.of("nlist", "8"), PROBES);

  @FuzzTest
  void ivfFlat(byte[] input) {
    IVF_FLAT.read(input);
  }

  private static final DamagedIndex BIN_IVF_FLAT =
      new DamagedIndex("BIN_IVF_FLAT", DataType.BINARY_VECTOR, Map.of("nlist", "8"), PROBES);

  @FuzzTest
  void binIvfFlat(byte[] input) {
    BIN_IVF_FLAT.read(input);
  }

  private static final DamagedIndex IVF_HNSW = floats("IVF_HNSW", Map.of("nlist", "8"), PROBES);

  @FuzzTest
  void ivfHnsw(byte[] input) {
    IVF_HNSW.read(input);
  }

  private static final DamagedIndex IVF_SQ8 = floats("IVF_SQ8", Map.of("nlist", "8"), PROBES);

  @FuzzTest
  void ivfSq8(byte[] input) {
    IVF_SQ8.read(input);
  }

  private static final DamagedIndex IVF_RABITQ =
      floats("IVF_RABITQ", Map.of("nlist", "8", "refine", "true"), PROBES);

  @FuzzTest
  void ivfRabitq(byte[] input) {
    IVF_RABITQ.read(input);
  }

  private static final DamagedIndex IVF_PQ =
      floats("IVF_PQ", Map.of("nlist", "8", "m", "4", "nbits", "4"), PROBES);

  @FuzzTest
  void ivfPq(byte[] input) {
    IVF_PQ.read(input);
  }

  private static final DamagedIndex SCANN = floats("SCANN", Map.of("nlist", "8"), PROBES);

  @FuzzTest
  void scann(byte[] input) {
    SCANN.read(input);
  }

  private static final DamagedIndex DISKANN =
      floats("DISKANN", Map.of("max_degree", "8"), Map.of("search_list", "16"));

  @FuzzTest
  void diskann(byte[] input) {
    DISKANN.read(input);
  }

  private static final DamagedIndex QG = floats("QG", Map.of("efConstruction", "20"), EF);

  @FuzzTest
  void quantGraph(byte[] input) {
    QG.read(input);
  }

  private static final DamagedIndex SPARSE =
      new DamagedIndex("SPARSE_INVERTED_INDEX", DataType.SPARSE_FLOAT_VECTOR, Map.of(), Map.of());

  @FuzzTest
  void sparse(byte[] input) {
    SPARSE.read(input);
  }
}
