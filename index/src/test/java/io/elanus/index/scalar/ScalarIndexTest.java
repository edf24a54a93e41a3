package io.elanus.index.scalar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.index.RowBitmap;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import io.elanus.store.object.MemoryObjects;
import io.elanus.store.object.ObjectStore;
import io.elanus.testkit.fixture.Seeds;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every scalar index answers what looking at every row answers. */
class ScalarIndexTest {
  private static final int ROWS = 3_000;
  private static final int QUESTIONS = 200;

  private static final List<String> WORDS =
      List.of("", "a", "ab", "abc", "b", "Z", "é", "\u00ff", "日本", "\ud83e\udd85", "\uffee", "z~");

  static Stream<Arguments> columns() {
    List<Arguments> all = new ArrayList<>();
    for (String type : List.of("INVERTED", "BITMAP", "STL_SORT", "TRIE", "AUTOINDEX")) {
      all.add(column(type, "booleans", Random::nextBoolean));
      all.add(column(type, "few integers", r -> (long) r.nextInt(-5, 5)));
      all.add(column(type, "many integers", Random::nextLong));
      all.add(
          column(type, "extreme integers", r -> pick(r, Long.MIN_VALUE, -1L, 0L, Long.MAX_VALUE)));
      all.add(column(type, "floating", r -> Math.rint(r.nextGaussian() * 20) / 4));
      all.add(
          column(
              type,
              "extreme floating",
              r -> pick(r, -0.0, 0.0, Double.MIN_VALUE, -Double.MAX_VALUE, 1e300, -1e-300)));
      all.add(column(type, "strings", r -> WORDS.get(r.nextInt(WORDS.size()))));
      all.add(column(type, "many strings", r -> "key " + r.nextInt(100_000)));
    }
    return all.stream();
  }

  private static Arguments column(String type, String name, Function<Random, Object> values) {
    return Arguments.of(type, name, values);
  }

  @SafeVarargs
  private static <T> T pick(Random random, T... values) {
    return values[random.nextInt(values.length)];
  }

  @ParameterizedTest(name = "{0} over {1}")
  @MethodSource("columns")
  void answersWhatEveryRowAnswers(String type, String name, Function<Random, Object> values) {
    Random random = new Random(Seeds.seed(1));
    Object[] column = new Object[ROWS];
    for (int row = 0; row < ROWS; row++) {
      column[row] = random.nextInt(10) == 0 ? null : values.apply(random);
    }
    ScalarIndex index = open(type, scalars(column));
    assertThat(index.type()).isEqualTo(type);
    for (int i = 0; i < QUESTIONS; i++) {
      Object low = random.nextInt(6) == 0 ? null : value(random, column, values);
      Object high = random.nextInt(6) == 0 ? null : value(random, column, values);
      boolean lowIn = random.nextBoolean();
      boolean highIn = random.nextBoolean();
      RowBitmap range = new RowBitmap(ROWS);
      index.range(low, lowIn, high, highIn, range);
      assertThat(range)
          .as("%s..%s %s %s", low, high, lowIn, highIn)
          .isEqualTo(
              rows(
                  column,
                  v ->
                      (low == null || order(v, low) > (lowIn ? -1 : 0))
                          && (high == null || order(v, high) < (highIn ? 1 : 0))));
      List<Object> wanted = new ArrayList<>();
      for (int n = random.nextInt(5); n > 0; n--) {
        wanted.add(value(random, column, values));
      }
      RowBitmap in = new RowBitmap(ROWS);
      index.in(wanted, in);
      assertThat(in)
          .as("in %s", wanted)
          .isEqualTo(rows(column, v -> wanted.stream().anyMatch(w -> order(v, w) == 0)));
    }
  }

  /** One that is there, mostly. */
  private static Object value(Random random, Object[] column, Function<Random, Object> values) {
    Object there = column[random.nextInt(ROWS)];
    return there == null || random.nextInt(4) == 0 ? values.apply(random) : there;
  }

  private static RowBitmap rows(Object[] column, Predicate<Object> passes) {
    RowBitmap rows = new RowBitmap(column.length);
    for (int row = 0; row < column.length; row++) {
      if (column[row] != null && passes.test(column[row])) {
        rows.set(row);
      }
    }
    return rows;
  }

  /** At most one in size. */
  private static int order(Object a, Object b) {
    return Integer.signum(
        switch (a) {
          case Boolean x -> x.compareTo((Boolean) b);
          case Long x -> x.compareTo((Long) b);
          case Double x -> Double.compare(x + 0.0, (Double) b + 0.0);
          default ->
              Arrays.compareUnsigned(
                  ((String) a).getBytes(StandardCharsets.UTF_8),
                  ((String) b).getBytes(StandardCharsets.UTF_8));
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"INVERTED", "BITMAP"})
  void findsAnArrayUnderEachOfItsElementsOnce(String type) {
    List<List<?>> arrays = List.of(List.of(1L, 2L, 1L), List.of(), List.of(2L), List.of(3L, 1L));
    ScalarIndex index = open(type, lists(arrays));
    RowBitmap ones = new RowBitmap(4);
    index.in(List.of(1L, 7L), ones);
    assertThat(ones.toArray()).containsExactly(0, 3);
    RowBitmap twos = new RowBitmap(4);
    index.in(List.of(2L), twos);
    assertThat(twos.toArray()).containsExactly(0, 2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"INVERTED", "BITMAP"})
  void answersNothingWhereThereIsNothing(String type) {
    for (int rows : new int[] {0, 5}) {
      ScalarIndex index = open(type, scalars(new Object[rows]));
      RowBitmap found = new RowBitmap(rows);
      index.in(List.of("a", 1L, true, 0.5), found);
      index.range(null, false, null, false, found);
      index.range("a", true, "b", true, found);
      index.range(1L, true, null, false, found);
      assertThat(found.cardinality()).isZero();
    }
  }

  @Test
  void addsToWhatIsThere() {
    ScalarIndex index = open("INVERTED", scalars(new Object[] {1L, 2L, 3L}));
    RowBitmap rows = new RowBitmap(3);
    rows.set(0);
    index.in(List.of(3L), rows);
    assertThat(rows.toArray()).containsExactly(0, 2);
  }

  @Test
  void passesOverConstantsOfAnotherKind() {
    ScalarIndex index = open("INVERTED", scalars(new Object[] {1L, 2L}));
    RowBitmap rows = new RowBitmap(2);
    index.in(List.of("1", 1.0, true), rows);
    assertThat(rows.cardinality()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"INVERTED", "BITMAP"})
  void refusesEveryDamagedFile(String type) {
    Object[] column = new Object[200];
    Random random = new Random(Seeds.seed(3));
    Arrays.setAll(column, row -> "word " + random.nextInt(40));
    byte[] file = build(type, scalars(column));
    ScalarIndexes.open(MemorySegment.ofArray(file), 200);
    for (int at = 0; at < file.length; at++) {
      byte[] damaged = file.clone();
      damaged[at] ^= (byte) (1 << random.nextInt(8));
      assertCorrupt(damaged, 200);
    }
    for (int length = 0; length < file.length; length++) {
      assertCorrupt(Arrays.copyOf(file, length), 200);
    }
    assertCorrupt(Arrays.copyOf(file, file.length + 1), 200);
    assertCorrupt(file, 201);
  }

  private static void assertCorrupt(byte[] file, int rows) {
    assertThatThrownBy(() -> ScalarIndexes.open(MemorySegment.ofArray(file), rows))
        .isInstanceOfSatisfying(
            ElanusException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_CORRUPT));
  }

  @Test
  void writesTheSameFileEveryTime() {
    Object[] column = {"b", null, "a", "b", "c"};
    assertThat(build("BITMAP", scalars(column))).isEqualTo(build("BITMAP", scalars(column)));
  }

  @ParameterizedTest
  @CsvSource({
    "INVERTED,INT64",
    "inverted,VARCHAR",
    "BITMAP,BOOL",
    "BITMAP,VARCHAR",
    "STL_SORT,DOUBLE",
    "STL_SORT,VARCHAR",
    "Trie,VARCHAR",
    "AUTOINDEX,FLOAT",
    "INVERTED,BOOL",
  })
  void takesTypesThatFitTheField(String type, DataType field) {
    ScalarIndexes.check(type, Field.named("f", field).build());
  }

  @ParameterizedTest
  @CsvSource({
    "BITMAP,FLOAT",
    "BITMAP,DOUBLE",
    "STL_SORT,BOOL",
    "STL_SORT,ARRAY",
    "Trie,INT64",
    "INVERTED,JSON",
    "INVERTED,FLOAT_VECTOR",
    "HNSW,INT64",
    "NGRAM,VARCHAR",
  })
  void refusesTypesThatDoNotFitTheField(String type, DataType field) {
    DataType element = field == DataType.ARRAY ? DataType.INT64 : null;
    Field wrong = Field.named("f", field).elementType(element).build();
    assertThatThrownBy(() -> ScalarIndexes.check(type, wrong))
        .isInstanceOfSatisfying(
            ElanusException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.INDEX_NOT_SUPPORTED));
  }

  @Test
  void refusesABitmapOverAPrimaryKey() {
    Field key = Field.named("id", DataType.INT64).primaryKey(true).build();
    assertThatThrownBy(() -> ScalarIndexes.check("BITMAP", key))
        .isInstanceOf(ElanusException.class);
  }

  // --- helpers --------------------------------------------------------------------------------

  private static ScalarIndex open(String type, ScalarValues values) {
    return ScalarIndexes.open(MemorySegment.ofArray(build(type, values)), values.rowCount());
  }

  private static byte[] build(String type, ScalarValues values) {
    MemoryObjects objects = new MemoryObjects();
    try (ObjectStore.Writer out = objects.create("index")) {
      ScalarIndexes.build(type, values, out);
      out.commit();
    }
    return objects.read("index");
  }

  private static ScalarValues scalars(Object[] column) {
    List<List<?>> lists = new ArrayList<>();
    for (Object value : column) {
      lists.add(value == null ? List.of() : List.of(value));
    }
    return lists(lists);
  }

  private static ScalarValues lists(List<List<?>> lists) {
    return new ScalarValues() {
      @Override
      public int rowCount() {
        return lists.size();
      }

      @Override
      public List<?> values(int row) {
        return lists.get(row);
      }
    };
  }
}
