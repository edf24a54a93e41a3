package io.elanus.store.object.s3;

import io.elanus.store.object.ObjectStore;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/**
 * One object on its way: small ones are put at once, of others every full part leaves as soon as
 * there is more. Nothing is visible before the commit; without one the parts are thrown away.
 */
final class S3Writer implements ObjectStore.Writer {
  private static final int FIRST_BYTES = 1 << 16;

  /** What S3 takes. */
  private static final int PARTS_MAX = 10_000;

  private enum State {
    WRITING,
    FAILED,
    COMMITTED,
    CLOSED
  }

  private final S3Objects objects;
  private final String key;
  private final int partBytes;
  private final List<CompletedPart> parts = new ArrayList<>();
  private byte[] buffer = new byte[FIRST_BYTES];
  private int buffered;
  private long position;
  private @Nullable S3Upload upload;
  private State state = State.WRITING;

  S3Writer(S3Objects objects, String key, int partBytes) {
    this.objects = objects;
    this.key = key;
    this.partBytes = partBytes;
  }

  @Override
  public void write(MemorySegment bytes) {
    require(State.WRITING);
    long at = 0;
    while (at < bytes.byteSize()) {
      if (buffered == partBytes) {
        state = State.FAILED;
        sendPart();
        state = State.WRITING;
      }
      int length = (int) Math.min(partBytes - buffered, bytes.byteSize() - at);
      grow(buffered + length);
      // Not through a view: segments over arrays of floats or ints have none as bytes.
      MemorySegment.copy(bytes, at, MemorySegment.ofArray(buffer), buffered, length);
      buffered += length;
      at += length;
      position += length;
    }
  }

  private void grow(int needed) {
    if (needed > buffer.length) {
      buffer =
          Arrays.copyOf(buffer, (int) Math.min(partBytes, Math.max(needed, 2L * buffer.length)));
    }
  }

  private void sendPart() {
    S3Upload to = upload;
    if (to == null) {
      to = objects.begin(key);
      upload = to;
    }
    if (parts.size() == PARTS_MAX) {
      throw objects.tooLarge(key, (long) PARTS_MAX * partBytes);
    }
    parts.add(objects.part(to, parts.size() + 1, buffer, buffered));
    buffered = 0;
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public void align(int bytes) {
    if (Integer.bitCount(bytes) != 1) {
      throw new IllegalArgumentException("not a power of two: " + bytes);
    }
    int zeros = (int) (-position & (bytes - 1));
    write(
        MemorySegment.ofArray(new byte[zeros])
            .asSlice(0, zeros * ValueLayout.JAVA_BYTE.byteSize()));
  }

  @Override
  public void commit() {
    require(State.WRITING);
    state = State.FAILED;
    if (upload == null) {
      objects.put(key, Arrays.copyOf(buffer, buffered));
    } else {
      sendPart();
      objects.complete(upload, parts);
    }
    state = State.COMMITTED;
  }

  @Override
  public void close() {
    if (state == State.CLOSED) {
      return;
    }
    boolean committed = state == State.COMMITTED;
    state = State.CLOSED;
    buffer = new byte[0];
    if (!committed && upload != null) {
      objects.abort(upload);
    }
  }

  private void require(State needed) {
    if (state != needed) {
      throw new IllegalStateException("the writer of " + key + " is " + state);
    }
  }
}
