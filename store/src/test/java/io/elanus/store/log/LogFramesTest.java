package io.elanus.store.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.store.log.LogFrames.Pending;
import io.elanus.store.log.LogFrames.Place;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class LogFramesTest {
  private static final Place PLACE = new Place(7, 3);

  /** The frame of operation 5, written for offset 100, found at another one. */
  private static MemorySegment frameFoundAt(int offset) {
    ByteBuffer frame = ByteBuffer.allocate(LogFrames.FRAME_BYTES + 10);
    LogFrames.frame(frame, PLACE, 100, new Pending(5, new byte[10]), 4);
    byte[] file = new byte[300];
    System.arraycopy(frame.array(), 0, file, offset, frame.capacity());
    return MemorySegment.ofArray(file);
  }

  @Test
  void aFrameIsIntactOnlyWhereItWasWritten() {
    MemorySegment file = frameFoundAt(100);
    assertThat(LogFrames.intact(file, PLACE, 100, 5)).isEqualTo(34);
    assertThat(LogFrames.intact(file, PLACE, 100, 6)).isEqualTo(-1);
    assertThat(LogFrames.intact(file, new Place(8, 3), 100, 5)).isEqualTo(-1);
    assertThat(LogFrames.intact(file, new Place(7, 4), 100, 5)).isEqualTo(-1);
    assertThat(LogFrames.intact(frameFoundAt(101), PLACE, 101, 5)).isEqualTo(-1);
    assertThat(LogFrames.intact(file.asSlice(0, 133), PLACE, 100, 5)).isEqualTo(-1);
  }
}
