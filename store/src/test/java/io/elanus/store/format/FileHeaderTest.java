package io.elanus.store.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FileHeaderTest {
  private static byte[] sealed(String magic, int version) {
    byte[] bytes = new byte[FileHeader.BYTES + 10];
    MemorySegment header = MemorySegment.ofArray(bytes);
    header.set(FileHeader.LONG, FileHeader.OWN_OFFSET, 77);
    FileHeader.seal(header, magic, version);
    return bytes;
  }

  private static void check(byte[] bytes, int versionMax) {
    FileHeader.check(MemorySegment.ofArray(bytes), "ELANTEST", versionMax, "test file 7");
  }

  @Test
  void hasTheDocumentedBytes() {
    byte[] bytes = sealed("ELANTEST", 3);
    assertThat(new String(bytes, 0, 8, StandardCharsets.US_ASCII)).isEqualTo("ELANTEST");
    assertThat(bytes[8]).isEqualTo((byte) 3);
    assertThat(bytes[16]).isEqualTo((byte) 77);
    assertThatCode(() -> check(bytes, 3)).doesNotThrowAnyException();
  }

  @Test
  void refusesEveryFlippedBitOfIt() {
    byte[] whole = sealed("ELANTEST", 1);
    for (int bit = 0; bit < FileHeader.BYTES * 8; bit++) {
      byte[] damaged = whole.clone();
      damaged[bit / 8] ^= (byte) (1 << bit % 8);
      assertThatThrownBy(() -> check(damaged, 5))
          .isInstanceOfSatisfying(
              ElanusException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_CORRUPT))
          .hasMessageContaining("test file 7");
    }
    whole[FileHeader.BYTES] ^= 1;
    assertThatCode(() -> check(whole, 5)).doesNotThrowAnyException();
  }

  @Test
  void saysWhatIsWrong() {
    assertThatThrownBy(() -> check(sealed("ELANTEST", 2), 1))
        .hasMessageContaining("format version 2");
    assertThatThrownBy(() -> check(sealed("ELANOTHR", 1), 1))
        .hasMessageContaining("does not start");
    assertThatThrownBy(() -> check(new byte[FileHeader.BYTES - 1], 1))
        .hasMessageContaining("only 63 bytes");
    assertThatThrownBy(() -> sealed("SHORT", 1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void isTheCastagnoliChecksum() {
    // The check value that catalogues of checksums give for CRC-32C.
    byte[] digits = "123456789".getBytes(StandardCharsets.US_ASCII);
    assertThat(Crc.of(MemorySegment.ofArray(digits))).isEqualTo(0xe3069283);
    assertThat(Crc.of(MemorySegment.ofArray(new byte[0]))).isZero();
    int[] ints = new Random(1).ints(50_000).toArray();
    MemorySegment segment = MemorySegment.ofArray(ints);
    byte[] bytes = segment.toArray(ValueLayout.JAVA_BYTE);
    int expected = Crc.of(MemorySegment.ofArray(bytes));
    assertThat(Crc.of(segment)).isEqualTo(expected);
    // heapBase() hides the array of a read-only segment.
    assertThat(Crc.of(segment.asReadOnly())).isEqualTo(expected);
    assertThat(Crc.of(MemorySegment.ofArray(bytes).asReadOnly())).isEqualTo(expected);
  }
}
