package io.elanus.index;

import io.elanus.model.query.SearchParams;
import io.elanus.model.schema.DataType;
import java.util.Map;
import org.junit.jupiter.api.Nested;

/** Every kind of index over the types that are not float32. */
class TypedVectorsTest {
  private static final SearchParams EF = new SearchParams(Map.of("ef", "128"));
  private static final SearchParams NPROBE = new SearchParams(Map.of("nprobe", "32"));

  private abstract static class Contract extends VectorIndexContract {
    private final String index;
    private final DataType type;
    private final Map<String, String> build;
    private final SearchParams search;

    Contract(String index, DataType type, Map<String, String> build, SearchParams search) {
      this.index = index;
      this.type = type;
      this.build = build;
      this.search = search;
    }

    @Override
    protected VectorIndexFormat format() {
      return VectorIndexes.format(index, type);
    }

    @Override
    protected DataType type() {
      return type;
    }

    @Override
    protected Map<String, String> buildParams() {
      return build;
    }

    @Override
    protected SearchParams searchParams() {
      return search;
    }

    @Override
    protected double recallFloor() {
      return search == SearchParams.NONE ? 1 : 0.95;
    }
  }

  @Nested
  class FlatFloat16 extends Contract {
    FlatFloat16() {
      super("FLAT", DataType.FLOAT16_VECTOR, Map.of(), SearchParams.NONE);
    }
  }

  @Nested
  class FlatBfloat16 extends Contract {
    FlatBfloat16() {
      super("FLAT", DataType.BFLOAT16_VECTOR, Map.of(), SearchParams.NONE);
    }
  }

  @Nested
  class FlatInt8 extends Contract {
    FlatInt8() {
      super("FLAT", DataType.INT8_VECTOR, Map.of(), SearchParams.NONE);
    }
  }

  @Nested
  class BinFlat extends Contract {
    BinFlat() {
      super("BIN_FLAT", DataType.BINARY_VECTOR, Map.of(), SearchParams.NONE);
    }
  }

  @Nested
  class IvfFlatFloat16 extends Contract {
    IvfFlatFloat16() {
      super("IVF_FLAT", DataType.FLOAT16_VECTOR, Map.of("nlist", "128"), NPROBE);
    }
  }

  @Nested
  class IvfFlatInt8 extends Contract {
    IvfFlatInt8() {
      super("IVF_FLAT", DataType.INT8_VECTOR, Map.of("nlist", "128"), NPROBE);
    }
  }

  @Nested
  class BinIvfFlat extends Contract {
    BinIvfFlat() {
      super("BIN_IVF_FLAT", DataType.BINARY_VECTOR, Map.of("nlist", "128"), NPROBE);
    }
  }

  @Nested
  class HnswFloat16 extends Contract {
    HnswFloat16() {
      super("HNSW", DataType.FLOAT16_VECTOR, Map.of("M", "16", "efConstruction", "200"), EF);
    }
  }

  @Nested
  class HnswBinary extends Contract {
    HnswBinary() {
      super("HNSW", DataType.BINARY_VECTOR, Map.of("M", "16", "efConstruction", "200"), EF);
    }
  }

  @Nested
  class QuantGraphInt8 extends Contract {
    QuantGraphInt8() {
      super("QG", DataType.INT8_VECTOR, Map.of(), EF);
    }
  }

  @Nested
  class IvfRabitqFloat16 extends Contract {
    IvfRabitqFloat16() {
      super("IVF_RABITQ", DataType.FLOAT16_VECTOR, Map.of("nlist", "128"), NPROBE);
    }
  }

  @Nested
  class DiskannInt8 extends Contract {
    DiskannInt8() {
      super(
          "DISKANN",
          DataType.INT8_VECTOR,
          Map.of("max_degree", "32"),
          new SearchParams(Map.of("search_list", "100", "beamwidth", "4")));
    }
  }
}
