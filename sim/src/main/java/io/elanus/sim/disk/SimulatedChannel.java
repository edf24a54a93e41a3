package io.elanus.sim.disk;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** An open file, or an open folder, which can only be forced. */
final class SimulatedChannel extends FileChannel {
  private final SimulatedDisk disk;
  private final Node node;
  private final String path;
  private int position;

  SimulatedChannel(SimulatedDisk disk, Node node, String path) {
    this.disk = disk;
    this.node = node;
    this.path = path;
    disk.opened();
  }

  private StoredFile file() throws IOException {
    if (node instanceof StoredFile file) {
      return file;
    }
    throw new IOException("Is a directory");
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    int count = read(into, position);
    position += Math.max(0, count);
    return count;
  }

  @Override
  public int read(ByteBuffer into, long from) throws IOException {
    byte[] bytes = disk.read(file(), path);
    if (from >= bytes.length) {
      return -1;
    }
    int count = Math.min(into.remaining(), bytes.length - (int) from);
    into.put(bytes, (int) from, count);
    return count;
  }

  @Override
  public int write(ByteBuffer from) throws IOException {
    int count = write(from, position);
    position += count;
    return count;
  }

  @Override
  public int write(ByteBuffer from, long at) throws IOException {
    byte[] bytes = new byte[from.remaining()];
    from.get(bytes);
    disk.write(file(), path, Math.toIntExact(at), bytes);
    return bytes.length;
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public FileChannel position(long newPosition) {
    position = Math.toIntExact(newPosition);
    return this;
  }

  @Override
  public long size() throws IOException {
    return file().size();
  }

  @Override
  public FileChannel truncate(long size) throws IOException {
    disk.truncate(file(), path, size);
    return this;
  }

  @Override
  public void force(boolean metadata) throws IOException {
    switch (node) {
      case StoredFile file -> disk.force(file, path);
      case StoredFolder folder -> disk.force(folder, path);
    }
  }

  @Override
  public MemorySegment map(MapMode mode, long offset, long size, Arena arena) throws IOException {
    if (mode != MapMode.READ_ONLY || offset != 0 || size != size()) {
      throw SimulatedProvider.unsupported("mappings of parts, or for writing");
    }
    return Mapping.of(disk.read(file(), path), arena);
  }

  @Override
  protected void implCloseChannel() {
    disk.closed();
  }

  @Override
  public long read(ByteBuffer[] into, int offset, int length) {
    throw SimulatedProvider.unsupported("scattered reads");
  }

  @Override
  public long write(ByteBuffer[] from, int offset, int length) {
    throw SimulatedProvider.unsupported("gathered writes");
  }

  @Override
  public long transferTo(long from, long count, WritableByteChannel to) {
    throw SimulatedProvider.unsupported("transfers");
  }

  @Override
  public long transferFrom(ReadableByteChannel from, long at, long count) {
    throw SimulatedProvider.unsupported("transfers");
  }

  @Override
  public MappedByteBuffer map(MapMode mode, long offset, long size) {
    throw SimulatedProvider.unsupported("mapped buffers");
  }

  @Override
  public FileLock lock(long from, long size, boolean shared) {
    throw SimulatedProvider.unsupported("locks");
  }

  @Override
  public FileLock tryLock(long from, long size, boolean shared) {
    throw SimulatedProvider.unsupported("locks");
  }
}
