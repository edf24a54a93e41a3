package io.elanus.store.object;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Keeps a second process out of a data folder; the system lets go of it when the process dies. */
public final class DataFolderLock implements AutoCloseable {
  /**
   * The folders this process has. Known here, since the system's lock belongs to the process: even
   * opening and closing the lock file a second time would let go of it.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final FileChannel channel;
  private final Path folder;

  private DataFolderLock(FileChannel channel, Path folder) {
    this.channel = channel;
    this.folder = folder;
  }

  /** Creates the folder where it is absent. NOT_READY when somebody has it. */
  public static DataFolderLock take(Path folder) {
    try {
      LocalFolders.createRoot(folder);
      Path real = folder.toRealPath();
      if (!HELD.add(real)) {
        throw inUse(folder, Long.toString(ProcessHandle.current().pid()));
      }
      boolean taken = false;
      try {
        DataFolderLock lock = new DataFolderLock(lockedFile(folder), real);
        taken = true;
        return lock;
      } finally {
        if (!taken) {
          HELD.remove(real);
        }
      }
    } catch (IOException e) {
      throw new ElanusException(
          ErrorCode.INTERNAL,
          "the data folder %s cannot be used: %s".formatted(folder, e.getMessage()),
          e);
    }
  }

  /**
   * Keeps others from opening the folder for as long as somebody looks at it; writes nothing. A
   * folder without a lock file has never been opened, and nobody is kept out.
   *
   * @throws ElanusException NOT_READY when somebody has it
   */
  public static AutoCloseable look(Path folder) throws IOException {
    Path file = folder.resolve("LOCK");
    if (HELD.contains(folder.toRealPath())) {
      throw inUse(folder, Long.toString(ProcessHandle.current().pid()));
    }
    if (!Files.exists(file)) {
      return () -> {};
    }
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    boolean locked = false;
    try {
      if (channel.tryLock(0, Long.MAX_VALUE, true) == null) {
        throw inUse(folder, Files.readString(file).strip());
      }
      locked = true;
      return channel;
    } finally {
      if (!locked) {
        channel.close();
      }
    }
  }

  private static FileChannel lockedFile(Path folder) throws IOException {
    Path file = folder.resolve("LOCK");
    FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
            LocalFolders.ownerOnly("rw-------"));
    boolean locked = false;
    try {
      if (channel.tryLock() == null) {
        throw inUse(folder, Files.readString(file).strip());
      }
      channel.truncate(0);
      String process = Long.toString(ProcessHandle.current().pid());
      channel.write(ByteBuffer.wrap(process.getBytes(StandardCharsets.US_ASCII)));
      locked = true;
      return channel;
    } finally {
      if (!locked) {
        channel.close();
      }
    }
  }

  private static ElanusException inUse(Path folder, String process) {
    return new ElanusException(
        ErrorCode.NOT_READY,
        "the data folder %s is in use by %s; stop it, or choose another folder"
            .formatted(folder, process.isEmpty() ? "another process" : "process " + process));
  }

  @Override
  public void close() {
    try {
      channel.close();
      HELD.remove(folder);
    } catch (IOException e) {
      throw new ElanusException(ErrorCode.INTERNAL, "the data folder's lock stays", e);
    }
  }
}
