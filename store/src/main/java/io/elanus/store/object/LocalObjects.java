package io.elanus.store.object;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * Objects as files below a folder. An object is written under a temporary name, forced, renamed,
 * and its folder forced, so that a crash leaves it whole or absent.
 */
public final class LocalObjects implements ObjectStore {
  private static final String UNFINISHED = ".unfinished";
  private static final int BUFFER_BYTES = 1 << 20;

  private final Path root;
  private final AtomicLong unfinished = new AtomicLong();

  /** Creates the folder where it is absent, and removes what crashes left unfinished. */
  public LocalObjects(Path root) {
    this.root = root;
    try {
      LocalFolders.create(root);
      for (Path file : files(root)) {
        if (file.getFileName().toString().endsWith(UNFINISHED)) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException e) {
      throw failed("open the data folder", root.toString(), e);
    }
  }

  @Override
  public Writer create(String key) {
    Path target = path(key);
    Path temporary =
        target.resolveSibling(
            target.getFileName() + "." + unfinished.incrementAndGet() + UNFINISHED);
    try {
      LocalFolders.create(parent(target));
      FileChannel channel =
          FileChannel.open(
              temporary,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              LocalFolders.ownerOnly("rw-------"));
      return new FileWriter(channel, temporary, target);
    } catch (IOException e) {
      throw failed("create", key, e);
    }
  }

  @Override
  public MemorySegment map(String key, Arena arena) {
    try (FileChannel channel = FileChannel.open(path(key), StandardOpenOption.READ)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
    } catch (IOException e) {
      throw failed("read", key, e);
    }
  }

  @Override
  public byte[] read(String key) {
    try {
      return Files.readAllBytes(path(key));
    } catch (IOException e) {
      throw failed("read", key, e);
    }
  }

  @Override
  public void put(String key, byte[] content) {
    try (Writer writer = create(key)) {
      writer.write(MemorySegment.ofArray(content));
      writer.commit();
    }
  }

  @Override
  public boolean exists(String key) {
    return Files.isRegularFile(path(key));
  }

  @Override
  public long size(String key) {
    try {
      return Files.size(path(key));
    } catch (IOException e) {
      throw failed("read", key, e);
    }
  }

  @Override
  public void delete(String key) {
    try {
      Files.deleteIfExists(path(key));
    } catch (IOException e) {
      throw failed("delete", key, e);
    }
  }

  @Override
  public void deleteAll(String prefix) {
    for (String key : list(prefix)) {
      delete(key);
    }
    if (prefix.endsWith("/")) {
      removeEmpty(path(prefix.substring(0, prefix.length() - 1)));
    }
  }

  private void removeEmpty(Path folder) {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> below = Files.walk(folder)) {
      for (Path each : below.sorted(java.util.Comparator.reverseOrder()).toList()) {
        if (Files.isDirectory(each)) {
          Files.delete(each);
        }
      }
    } catch (IOException e) {
      // An empty folder that stays harms nobody; a file written meanwhile must stay.
      return;
    }
  }

  @Override
  public List<String> list(String prefix) {
    try {
      int slash = prefix.lastIndexOf('/');
      Path from = slash < 0 ? root : path(prefix.substring(0, slash));
      List<String> keys = new ArrayList<>();
      for (Path file : files(from)) {
        String key = root.relativize(file).toString().replace('\\', '/');
        if (key.startsWith(prefix) && !key.endsWith(UNFINISHED)) {
          keys.add(key);
        }
      }
      java.util.Collections.sort(keys);
      return keys;
    } catch (IOException e) {
      throw failed("list", prefix, e);
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  private Path path(String key) {
    return root.resolve(Keys.check(key));
  }

  private static Path parent(Path path) {
    return java.util.Objects.requireNonNull(path.getParent());
  }

  private static ElanusException failed(String what, String key, IOException e) {
    if (e instanceof NoSuchFileException) {
      return new ElanusException(ErrorCode.DATA_CORRUPT, "the data file " + key + " is missing", e);
    }
    boolean full = String.valueOf(e.getMessage()).contains("No space left");
    return new ElanusException(
        full ? ErrorCode.DISK_LIMIT : ErrorCode.INTERNAL,
        "could not " + what + " " + key + ": " + e.getMessage(),
        e);
  }

  private static final class FileWriter implements Writer {
    private final FileChannel channel;
    private final Path temporary;
    private final Path target;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private long flushed;
    private boolean committed;
    private boolean closed;

    FileWriter(FileChannel channel, Path temporary, Path target) {
      this.channel = channel;
      this.temporary = temporary;
      this.target = target;
    }

    @Override
    public void write(MemorySegment bytes) {
      try {
        long at = 0;
        while (at < bytes.byteSize()) {
          if (!buffer.hasRemaining()) {
            flush();
          }
          int piece = (int) Math.min(buffer.remaining(), bytes.byteSize() - at);
          MemorySegment.copy(bytes, at, MemorySegment.ofBuffer(buffer), 0, piece);
          buffer.position(buffer.position() + piece);
          at += piece;
        }
      } catch (IOException e) {
        throw failed("write", target.toString(), e);
      }
    }

    @Override
    public long position() {
      return flushed + buffer.position();
    }

    @Override
    public void align(int bytes) {
      int padding = (int) (-position() & (bytes - 1));
      if (padding > 0) {
        write(MemorySegment.ofArray(new byte[padding]));
      }
    }

    @Override
    public void commit() {
      try {
        flush();
        channel.force(true);
        channel.close();
        Files.move(
            temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        LocalFolders.force(parent(target));
        committed = true;
      } catch (IOException e) {
        throw failed("write", target.toString(), e);
      }
    }

    @Override
    public void close() {
      if (closed) {
        return;
      }
      closed = true;
      try {
        channel.close();
        if (!committed) {
          Files.deleteIfExists(temporary);
        }
      } catch (IOException e) {
        throw failed("close", target.toString(), e);
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
}
