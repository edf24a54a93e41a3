package io.elanus.store.log;

import io.elanus.store.format.Finding;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The log files of a folder for looking only: recovery runs over them as it would at a start, what
 * it would change is told and not done.
 *
 * @param where the folder's name for people
 */
public record ReadOnlyLogFiles(Path folder, String where, Consumer<Finding> findings)
    implements LogFiles {
  @Override
  public List<String> list() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(Files::isRegularFile).map(f -> f.getFileName().toString()).toList();
    }
  }

  @Override
  public LogFile create(String name) {
    throw new IllegalStateException("asked to create " + name + " in a log that is only read");
  }

  @Override
  public LogFile open(String name) throws IOException {
    Path file = folder.resolve(name);
    if (!Files.isRegularFile(file)) {
      throw new NoSuchFileException(name);
    }
    return new Watched(file, where + "/" + name, findings);
  }

  @Override
  public void rename(String from, String to) {
    throw new IllegalStateException("asked to rename " + from + " in a log that is only read");
  }

  @Override
  public void delete(String name) {
    findings.accept(
        Finding.note(where + "/" + name, "a log file without content, begun as the server died"));
  }

  @Override
  public void forceFolder() {}

  private record Watched(Path file, String name, Consumer<Finding> findings) implements LogFile {
    @Override
    public void write(ByteBuffer bytes, long offset) {}

    @Override
    public void force() {}

    @Override
    public void truncate(long size) throws IOException {
      findings.accept(
          Finding.note(
              name,
              "the last %d bytes are of a write that was torn and never acknowledged"
                  .formatted(Files.size(file) - size)));
    }

    @Override
    public MemorySegment map(Arena arena) throws IOException {
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
        return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      }
    }

    @Override
    public void close() {}
  }
}
