package io.elanus.app.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.model.error.ElanusException;
import org.junit.jupiter.api.Test;

class SettingsTest {
  @Test
  void theServerTakesTheSizesThatItsOwnSentenceNames() {
    Settings.Sizes sizes = Settings.DEFAULT.with("memory", "1073741824").sizes();
    assertThat(sizes.memoryBytes()).isEqualTo(1L << 30);
    assertThat(Settings.DEFAULT.with("disk-reserve", "10737418240").sizes().diskReserveBytes())
        .isEqualTo(10L << 30);
    assertThatThrownBy(() -> Settings.DEFAULT.with("memory", "1GB"))
        .isInstanceOf(ElanusException.class)
        .hasMessage("memory must be a size such as 512MiB, 4GiB or 1073741824, got 1GB");
  }
}
