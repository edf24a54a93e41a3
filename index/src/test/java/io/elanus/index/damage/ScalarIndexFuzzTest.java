package io.elanus.index.damage;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.elanus.index.RowBitmap;
import io.elanus.index.scalar.ScalarIndex;
import io.elanus.index.scalar.ScalarIndexes;
import io.elanus.index.scalar.ScalarValues;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.store.object.MemoryObjects;
import io.elanus.store.object.ObjectStore;
import io.elanus.testkit.damage.Edits;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/**
 * Scalar indexes over damaged files. The first byte of an input says how: bit 0, whether checksums
 * are made right again; bit 1, row numbers or bitmaps; bit 2, integers or texts.
 */
class ScalarIndexFuzzTest {
  private static final int ROWS = 300;
  private static final byte[][] FILES = {
    file("INVERTED", true), file("BITMAP", true), file("INVERTED", false), file("BITMAP", false)
  };

  private static byte[] file(String type, boolean integers) {
    MemoryObjects objects = new MemoryObjects();
    try (ObjectStore.Writer out = objects.create("index")) {
      ScalarIndexes.build(type, values(integers), out);
      out.commit();
    }
    return objects.read("index");
  }

  @FuzzTest
  void scalar(byte[] input) {
    int how = input.length == 0 ? 0 : Byte.toUnsignedInt(input[0]);
    byte[] good = FILES[how >> 1 & 3];
    byte[] bad =
        Edits.apply(good, Arrays.copyOfRange(input, Math.min(1, input.length), input.length));
    boolean resealed = (how & 1) == 1;
    if (resealed) {
      Resealed.index(bad);
    }
    try {
      ScalarIndex index = ScalarIndexes.open(MemorySegment.ofArray(bad), ROWS);
      assertThat(resealed || Arrays.equals(bad, good)).as("damage unnoticed").isTrue();
      boolean integers = (how & 4) == 0;
      Object low = integers ? (Object) 3L : "3";
      Object high = integers ? (Object) 20L : "7";
      index.in(List.of(low, high), new RowBitmap(ROWS));
      index.range(low, true, high, false, new RowBitmap(ROWS));
      index.range(null, true, null, true, new RowBitmap(ROWS));
    } catch (ElanusException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.DATA_CORRUPT);
    }
  }

  private static ScalarValues values(boolean integers) {
    return new ScalarValues() {
      @Override
      public int rowCount() {
        return ROWS;
      }

      @Override
      public List<?> values(int row) {
        long value = row % 40;
        return row % 9 == 0 ? List.of() : List.of(integers ? (Object) value : Long.toString(value));
      }
    };
  }
}
