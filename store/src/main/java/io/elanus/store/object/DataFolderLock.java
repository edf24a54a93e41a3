package io.elanus.store.object;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Keeps a second process out of a data folder; the system lets go of it when the process dies. */
public final class DataFolderLock implements AutoCloseable {
  private final FileChannel channel;

  private DataFolderLock(FileChannel channel) {
    this.channel = channel;
  }

  /** Creates the folder where it is absent. NOT_READY when another process has it. */
  public static DataFolderLock take(Path folder) {
    try {
      LocalFolders.create(folder);
      Path file = folder.resolve("LOCK");
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (tryLock(channel) == null) {
        channel.close();
        throw new ElanusException(
            ErrorCode.NOT_READY,
            "the data folder %s is in use by process %s; stop it, or choose another folder"
                .formatted(folder, Files.readString(file).strip()));
      }
      channel.truncate(0);
      channel.write(
          ByteBuffer.wrap(
              Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
      return new DataFolderLock(channel);
    } catch (IOException e) {
      throw new ElanusException(
          ErrorCode.INTERNAL,
          "the data folder %s cannot be used: %s".formatted(folder, e.getMessage()),
          e);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new ElanusException(ErrorCode.INTERNAL, "the data folder's lock stays", e);
    }
  }
}
