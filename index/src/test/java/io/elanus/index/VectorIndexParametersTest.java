package io.elanus.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.query.SearchParams;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ranges of parameters, as users of Milvus know them. */
class VectorIndexParametersTest {
  @ParameterizedTest
  @CsvSource({
    "HNSW, M, 2",
    "HNSW, M, 2048",
    "HNSW, efConstruction, 1",
    "HNSW, efConstruction, 2147483647",
    "HNSW, M, ' 16 '",
    "IVF_FLAT, nlist, 1",
    "IVF_FLAT, nlist, 65536",
    "IVF_SQ8, nlist, 1",
    "IVF_SQ8, refine, True",
    "IVF_SQ8, refine_type, fp32",
    "IVF_RABITQ, nlist, 65536",
    "IVF_RABITQ, refine, false",
    "IVF_RABITQ, refine_type, SQ8",
    "IVF_RABITQ, refine_type, FP32",
    "FLAT, anything, x",
    "AUTOINDEX, anything, x",
  })
  void takesBuildParametersInRange(String type, String name, String value) {
    VectorIndexes.format(type).checkBuild(Map.of(name, value), 8);
  }

  @ParameterizedTest
  @CsvSource({
    "HNSW, M, 1",
    "HNSW, M, 2049",
    "HNSW, M, 16.5",
    "HNSW, M, many",
    "HNSW, M, ''",
    "HNSW, M, 99999999999999999999",
    "HNSW, efConstruction, 0",
    "HNSW, efConstruction, 2147483648",
    "IVF_FLAT, nlist, 0",
    "IVF_FLAT, nlist, 65537",
    "IVF_FLAT, nlist, -1",
    "IVF_SQ8, nlist, 0",
    "IVF_SQ8, refine, 1",
    "IVF_RABITQ, nlist, 65537",
    "IVF_RABITQ, refine, yes",
    "IVF_RABITQ, refine_type, SQ5",
  })
  void refusesBuildParametersOutOfRange(String type, String name, String value) {
    assertThatThrownBy(() -> VectorIndexes.format(type).checkBuild(Map.of(name, value), 8))
        .isInstanceOfSatisfying(
            ElanusException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
              assertThat(e.getMessage()).contains(name).contains(value);
            });
  }

  @ParameterizedTest
  @CsvSource({
    "HNSW, ef, 10",
    "HNSW, ef, 32768",
    "HNSW, recall, 0.9",
    "IVF_FLAT, nprobe, 1",
    "IVF_FLAT, nprobe, 65536",
    "IVF_SQ8, nprobe, 1",
    "IVF_SQ8, refine_k, 1",
    "IVF_RABITQ, refine_k, 2.5",
    "IVF_RABITQ, rbq_query_bits, 0",
    "IVF_RABITQ, rbq_query_bits, 8",
    "AUTOINDEX, ef, 1",
    "FLAT, ef, x",
  })
  void takesSearchParametersInRange(String type, String name, String value) {
    VectorIndexes.format(type).checkSearch(new SearchParams(Map.of(name, value)), 10);
  }

  @ParameterizedTest
  @CsvSource({
    "HNSW, ef, 0",
    "HNSW, ef, x",
    "AUTOINDEX, ef, 0",
    "IVF_FLAT, nprobe, 0",
    "IVF_FLAT, nprobe, 65537",
    "IVF_FLAT, nprobe, '1,5'",
    "IVF_SQ8, nprobe, 0",
    "IVF_SQ8, refine_k, 0.9",
    "IVF_RABITQ, nprobe, 65537",
    "IVF_RABITQ, refine_k, NaN",
    "IVF_RABITQ, refine_k, much",
    "IVF_RABITQ, rbq_query_bits, 9",
    "IVF_RABITQ, rbq_query_bits, -1",
  })
  void refusesSearchParametersOutOfRange(String type, String name, String value) {
    SearchParams params = new SearchParams(Map.of(name, value));
    assertThatThrownBy(() -> VectorIndexes.format(type).checkSearch(params, 1))
        .isInstanceOfSatisfying(
            ElanusException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
  }

  @Test
  void refusesAnEfBelowTheLimitInMilvusWords() {
    SearchParams params = new SearchParams(Map.of("ef", "9"));
    assertThatThrownBy(() -> VectorIndexes.format("HNSW").checkSearch(params, 10))
        .hasMessageContaining("ef(9) should be larger than k(10)");
  }

  @ParameterizedTest
  @CsvSource({
    "IVF_PQ, '', needs m",
    "IVF_PQ, m=3, m: 3",
    "IVF_PQ, m=0, m",
    "IVF_PQ, m=4 nbits=25, nbits",
    "IVF_PQ, m=4 nbits=6, use 4 or 8",
    "IVF_PQ, m=4 refine=perhaps, refine",
    "SCANN, nlist=0, nlist",
    "SCANN, with_raw_data=1, with_raw_data",
  })
  void refusesProductCodesThatCannotBe(String type, String given, String said) {
    assertThatThrownBy(() -> VectorIndexes.format(type).checkBuild(params(given), 8))
        .isInstanceOf(ElanusException.class)
        .hasMessageContaining(said);
  }

  @ParameterizedTest
  @CsvSource({
    "IVF_PQ, m=4",
    "IVF_PQ, m=8 nbits=4 refine=false",
    "IVF_PQ, m=1 nbits=8 refine=True refine_type=FP32",
    "SCANN, nlist=65536 with_raw_data=False",
  })
  void takesProductCodes(String type, String given) {
    VectorIndexes.format(type).checkBuild(params(given), 8);
  }

  private static Map<String, String> params(String given) {
    Map<String, String> params = new java.util.HashMap<>();
    for (String pair : given.isEmpty() ? new String[0] : given.split(" ")) {
      params.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
    }
    return params;
  }

  @Test
  void refusesAReorderKBelowTheLimit() {
    SearchParams params = new SearchParams(Map.of("reorder_k", "9"));
    assertThatThrownBy(() -> VectorIndexes.format("SCANN").checkSearch(params, 10))
        .hasMessageContaining("reorder_k(9) should be larger than k(10)");
    VectorIndexes.format("SCANN").checkSearch(params, 9);
  }

  @Test
  void saysWhichRefineTypesItOffers() {
    Map<String, String> params = Map.of("refine", "true", "refine_type", "SQ6");
    assertThatThrownBy(() -> VectorIndexes.format("IVF_RABITQ").checkBuild(params, 8))
        .isInstanceOfSatisfying(
            ElanusException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED))
        .hasMessageContaining("SQ6")
        .hasMessageContaining("SQ8");
  }

  @Test
  void knowsItsTypesInAnyCaseAndNamesThemToWhoAsksForAnother() {
    assertThat(VectorIndexes.format("hnsw").type()).isEqualTo("HNSW");
    assertThatThrownBy(() -> VectorIndexes.format("ANNOY"))
        .isInstanceOf(ElanusException.class)
        .hasMessageContaining("ANNOY")
        .hasMessageContaining("IVF_FLAT");
  }
}
