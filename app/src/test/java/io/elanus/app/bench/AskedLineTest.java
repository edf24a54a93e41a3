package io.elanus.app.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.model.error.ElanusException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AskedLineTest {
  @Test
  void wordsThatAreNoOthersAreSearchParameters() {
    assertThat(AskedLine.of(" ef=64  filter=0.1 clients=8 seconds=3 "))
        .isEqualTo(new AskedLine(Map.of("ef", "64"), 0.1, 8, 3));
    assertThat(AskedLine.of("nprobe=4")).isEqualTo(new AskedLine(Map.of("nprobe", "4"), 1, 1, 5));
  }

  @Test
  void otherLinesAreRefusedWithAnExample() {
    for (String line : new String[] {"", "ef", "ef=1 clients=many", "filter= ef=1"}) {
      assertThatThrownBy(() -> AskedLine.of(line))
          .isInstanceOf(ElanusException.class)
          .hasMessageContaining("ef=64 filter=0.1")
          .hasMessageContaining("'" + line + "'");
    }
  }
}
