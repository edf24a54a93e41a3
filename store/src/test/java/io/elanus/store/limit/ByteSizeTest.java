package io.elanus.store.limit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTest {
  @ParameterizedTest
  @CsvSource({
    "0,0",
    "1,1",
    "1073741824,1073741824",
    "999999999999999999,999999999999999999",
    "1KiB,1024",
    "512MiB,536870912",
    "4 GiB,4294967296",
    "' 2TiB ',2199023255552",
    "8589934591GiB,9223372035781033984",
    "8589934592GiB,9223372036854775807",
    "999999999999999999TiB,9223372036854775807"
  })
  void readsWhatPeopleWrite(String text, long bytes) {
    assertThat(ByteSize.parse(text)).hasValue(bytes);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "MiB", "-1", "1.5GiB", "1GB", "1 gib", "4  GiB", "1000000000000000000"})
  void refusesWhatIsNone(String text) {
    assertThat(ByteSize.parse(text)).isEmpty();
  }
}
