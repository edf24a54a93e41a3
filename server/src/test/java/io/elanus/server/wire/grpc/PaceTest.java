package io.elanus.server.wire.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PaceTest {
  private static final int SHAPE = "a search".hashCode();

  private final Pace pace = new Pace(1_000);

  @Test
  void unknownShapesCountAsLong() {
    assertThat(pace.isShort(SHAPE)).isFalse();
    pace.took(SHAPE, 900);
    assertThat(pace.isShort(SHAPE)).isTrue();
    assertThat(pace.isShort(SHAPE + 1)).isFalse();
  }

  @Test
  void longCallsExileTheirShapeUntilShortOnesComeAgain() {
    pace.took(SHAPE, 500);
    for (int i = 0; i < 8; i++) {
      pace.took(SHAPE, 2_000);
    }
    assertThat(pace.isShort(SHAPE)).isFalse();
    for (int i = 0; i < 8; i++) {
      pace.took(SHAPE, 500);
    }
    assertThat(pace.isShort(SHAPE)).isTrue();
  }

  @Test
  void oneOutlierWeighsNoMoreThanItsLimit() {
    pace.took(SHAPE, 100);
    pace.took(SHAPE, Long.MAX_VALUE);
    pace.took(SHAPE, 100);
    assertThat(pace.isShort(SHAPE)).isTrue();
  }
}
