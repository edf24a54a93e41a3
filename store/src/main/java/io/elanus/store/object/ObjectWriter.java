package io.elanus.store.object;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.Lock;

/**
 * Writes one file under a temporary name; a commit forces it, renames it, and forces the folder.
 * After a failed write nothing can be committed: what follows would stand in the wrong place.
 */
final class ObjectWriter implements ObjectStore.Writer {
  private enum State {
    WRITING,
    FAILED,
    COMMITTED,
    CLOSED
  }

  private final String key;
  private final FileChannel channel;
  private final Path temporary;
  private final Path target;

  /**
   * Held while the object gets its name: its folder, else empty, is not removed before its force.
   */
  private final Lock folderStays;

  private final Set<Path> writing;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment memory;
  private final ByteBuffer buffer;
  private long flushed;
  private State state = State.WRITING;

  /**
   * @param writing holds the temporary file until the writer is closed
   */
  ObjectWriter(
      String key, Path temporary, Path target, Lock folderStays, int bufferBytes, Set<Path> writing)
      throws IOException {
    this.key = key;
    this.temporary = temporary;
    this.target = target;
    this.folderStays = folderStays;
    this.writing = writing;
    channel =
        FileChannel.open(
            temporary,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            LocalFolders.ownerOnly("rw-------"));
    memory = arena.allocate(bufferBytes);
    buffer = memory.asByteBuffer();
  }

  @Override
  public void write(MemorySegment bytes) {
    require(State.WRITING);
    try {
      long at = 0;
      while (at < bytes.byteSize()) {
        if (!buffer.hasRemaining()) {
          flush();
        }
        int piece = (int) Math.min(buffer.remaining(), bytes.byteSize() - at);
        // Not through a view: segments over arrays of floats or ints have none as bytes.
        MemorySegment.copy(bytes, at, memory, buffer.position(), piece);
        buffer.position(buffer.position() + piece);
        at += piece;
      }
    } catch (IOException e) {
      state = State.FAILED;
      throw LocalObjects.failed("write", key, e);
    }
  }

  @Override
  public long position() {
    return flushed + buffer.position();
  }

  @Override
  public void align(int bytes) {
    if (Integer.bitCount(bytes) != 1) {
      throw new IllegalArgumentException("not a power of two: " + bytes);
    }
    int padding = (int) (-position() & (bytes - 1));
    if (padding > 0) {
      write(MemorySegment.ofArray(new byte[padding]));
    }
  }

  @Override
  public void commit() {
    require(State.WRITING);
    state = State.FAILED;
    try {
      finish();
      name();
      state = State.COMMITTED;
    } catch (IOException e) {
      throw LocalObjects.failed("write", key, e);
    }
  }

  /** False where the key has an object already; then nothing was written. */
  boolean commitIfAbsent() {
    require(State.WRITING);
    state = State.FAILED;
    try {
      finish();
      // A rename takes the place of what is there on some systems; a second name never does.
      folderStays.lock();
      try {
        Files.createLink(target, temporary);
        LocalFolders.force(Objects.requireNonNull(target.getParent()));
      } finally {
        folderStays.unlock();
      }
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } catch (IOException e) {
      throw LocalObjects.failed("write", key, e);
    }
  }

  private void finish() throws IOException {
    flush();
    channel.force(true);
    channel.close();
  }

  private void name() throws IOException {
    folderStays.lock();
    try {
      Files.move(
          temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      LocalFolders.force(Objects.requireNonNull(target.getParent()));
    } finally {
      folderStays.unlock();
    }
  }

  @Override
  public void close() {
    if (state == State.CLOSED) {
      return;
    }
    boolean committed = state == State.COMMITTED;
    state = State.CLOSED;
    arena.close();
    try {
      channel.close();
      if (!committed) {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException e) {
      throw LocalObjects.failed("close", key, e);
    } finally {
      writing.remove(temporary);
    }
  }

  private void require(State needed) {
    if (state != needed) {
      throw new IllegalStateException("the writer of " + key + " is " + state);
    }
  }

  private void flush() throws IOException {
    buffer.flip();
    flushed += buffer.limit();
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
    buffer.clear();
  }
}
