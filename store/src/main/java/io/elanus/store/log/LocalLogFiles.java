package io.elanus.store.log;

import io.elanus.store.object.LocalFolders;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * Log files in a folder of the local disk, readable by their owner alone.
 *
 * <p>Whichever request leads a round writes for all the others. Were it cancelled by an interrupt,
 * a FileChannel would close itself under everybody and the log would be poisoned; so writes go
 * through RandomAccessFile, which interrupts leave alone.
 */
public final class LocalLogFiles implements LogFiles {
  private final Path folder;

  /** Creates the folder where it is absent. */
  public LocalLogFiles(Path folder) throws IOException {
    this.folder = folder;
    LocalFolders.createDurably(folder);
  }

  @Override
  public List<String> list() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(Files::isRegularFile).map(f -> f.getFileName().toString()).toList();
    }
  }

  @Override
  public LogFile create(String name) throws IOException {
    Path path = folder.resolve(name);
    // Anew rather than emptied: a leftover may have been created with other permissions.
    Files.deleteIfExists(path);
    Files.createFile(path, LocalFolders.ownerOnly("rw-------"));
    return open(name);
  }

  @Override
  public LogFile open(String name) throws IOException {
    Path path = folder.resolve(name);
    if (!Files.isRegularFile(path)) {
      // "rw" would create it, and an empty file in the middle of a log reads as damage.
      throw new java.nio.file.NoSuchFileException(name);
    }
    return new LocalLogFile(new RandomAccessFile(path.toFile(), "rw"));
  }

  @Override
  public void rename(String from, String to) throws IOException {
    Files.move(folder.resolve(from), folder.resolve(to), StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void delete(String name) throws IOException {
    Files.deleteIfExists(folder.resolve(name));
  }

  @Override
  public void forceFolder() throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      while (true) {
        try {
          LocalFolders.force(folder);
          return;
        } catch (ClosedByInterruptException e) {
          // Not the disk's answer: folders can only be forced through an interruptible channel.
          interrupted |= Thread.interrupted();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private record LocalLogFile(RandomAccessFile file) implements LogFile {
    /** The platform copies each piece once outside the heap; small pieces keep that small. */
    private static final int PIECE_BYTES = 1 << 20;

    @Override
    public void write(ByteBuffer bytes, long offset) throws IOException {
      byte[] piece = new byte[Math.min(PIECE_BYTES, bytes.remaining())];
      file.seek(offset);
      while (bytes.hasRemaining()) {
        int count = Math.min(piece.length, bytes.remaining());
        bytes.get(piece, 0, count);
        file.write(piece, 0, count);
      }
    }

    @Override
    public void force() throws IOException {
      file.getFD().sync();
    }

    @Override
    public void truncate(long size) throws IOException {
      file.setLength(size);
    }

    @Override
    public MemorySegment map(Arena arena) throws IOException {
      FileChannel channel = file.getChannel();
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
