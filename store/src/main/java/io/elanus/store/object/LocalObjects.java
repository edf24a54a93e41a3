package io.elanus.store.object;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * Objects as files below a folder. An object is written under a temporary name, forced, renamed,
 * and its folder forced, so that a crash leaves it whole or absent. The deletion of a folder is
 * forced, that of one object is not: a power cut may bring it back.
 */
public final class LocalObjects implements ObjectStore {
  private static final int BUFFER_BYTES = 1 << 20;

  private final Path root;
  private final AtomicLong unfinished = new AtomicLong();

  /** Folders whose entry this process has forced. Another one may have crashed before it did. */
  private final Set<Path> durableFolders = ConcurrentHashMap.newKeySet();

  /** Temporary files with an open writer; all others were left behind. */
  private final Set<Path> writing = ConcurrentHashMap.newKeySet();

  /** Shared: a folder gets a file, or is forced. Exclusive: empty folders are removed. */
  private final ReadWriteLock folders = new ReentrantReadWriteLock();

  /** Creates the folder where it is absent, and removes what crashes left unfinished. */
  public LocalObjects(Path root) {
    this.root = root;
    try {
      LocalFolders.createDurably(root);
      durableFolders.add(root);
      for (Path file : files(root)) {
        if (file.getFileName().toString().endsWith(Keys.UNFINISHED)) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException e) {
      throw failed("open the data folder", root.toString(), e);
    }
  }

  @Override
  public Writer create(String key) {
    return create(key, BUFFER_BYTES);
  }

  private ObjectWriter create(String key, int bufferBytes) {
    Path target = path(key);
    Path temporary =
        target.resolveSibling(
            target.getFileName() + "." + unfinished.incrementAndGet() + Keys.UNFINISHED);
    folders.readLock().lock();
    try {
      createFolder(parent(target));
      writing.add(temporary);
      return new ObjectWriter(key, temporary, target, folders.readLock(), bufferBytes, writing);
    } catch (IOException e) {
      writing.remove(temporary);
      throw failed("create", key, e);
    } finally {
      folders.readLock().unlock();
    }
  }

  private void createFolder(Path folder) throws IOException {
    List<Path> missing = new ArrayList<>();
    for (Path each = folder; !durableFolders.contains(each); each = parent(each)) {
      missing.add(each);
    }
    for (Path each : missing.reversed()) {
      LocalFolders.createDurably(each);
      durableFolders.add(each);
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
    try (Writer writer = create(key, Math.clamp(content.length, 1, BUFFER_BYTES))) {
      writer.write(MemorySegment.ofArray(content));
      writer.commit();
    }
  }

  @Override
  public boolean putIfAbsent(String key, byte[] content) {
    if (exists(key)) {
      return false;
    }
    try (ObjectWriter writer = create(key, Math.clamp(content.length, 1, BUFFER_BYTES))) {
      writer.write(MemorySegment.ofArray(content));
      return writer.commitIfAbsent();
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
      Path folder = path(prefix.substring(0, prefix.length() - 1));
      removeEmpty(folder);
      forceAbove(folder);
    }
  }

  /** Also where the folder is gone already: whoever removed it may have died before this. */
  private void forceAbove(Path folder) {
    folders.readLock().lock();
    try {
      Path above = parent(folder);
      while (!Files.isDirectory(above) && !above.equals(root)) {
        above = parent(above);
      }
      LocalFolders.force(above);
    } catch (IOException e) {
      throw failed("delete", root.relativize(folder).toString(), e);
    } finally {
      folders.readLock().unlock();
    }
  }

  /**
   * Removes the folder and those below it, as far as they are empty, with what writers could not
   * remove when they gave up. What stays is forced: the files deleted in it must not come back.
   */
  private void removeEmpty(Path folder) {
    folders.writeLock().lock();
    try {
      if (!Files.isDirectory(folder)) {
        return;
      }
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              if (file.getFileName().toString().endsWith(Keys.UNFINISHED)
                  && !writing.contains(file)) {
                Files.deleteIfExists(file);
              }
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
              if (e instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
              }
              // What was not seen is not removed, and whoever asked must know.
              throw e;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path each, @Nullable IOException e)
                throws IOException {
              try {
                Files.delete(each);
                durableFolders.remove(each);
              } catch (DirectoryNotEmptyException kept) {
                // Somebody writes there; the folder stays.
                LocalFolders.force(each);
              }
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw failed("delete", root.relativize(folder).toString(), e);
    } finally {
      folders.writeLock().unlock();
    }
  }

  @Override
  public List<String> list(String prefix) {
    Keys.checkPrefix(prefix);
    try {
      int slash = prefix.lastIndexOf('/');
      Path from = slash < 0 ? root : path(prefix.substring(0, slash));
      List<String> keys = new ArrayList<>();
      for (Path file : files(from)) {
        String key = root.relativize(file).toString().replace('\\', '/');
        if (key.startsWith(prefix) && !key.endsWith(Keys.UNFINISHED)) {
          keys.add(key);
        }
      }
      Collections.sort(keys);
      return keys;
    } catch (IOException e) {
      throw failed("list", prefix, e);
    }
  }

  /** The files below a folder; those that others delete meanwhile may be among them or not. */
  private static List<Path> files(Path folder) throws IOException {
    List<Path> found = new ArrayList<>();
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile()) {
              found.add(file);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            return gone(e);
          }

          @Override
          public FileVisitResult postVisitDirectory(Path each, @Nullable IOException e)
              throws IOException {
            return e == null ? FileVisitResult.CONTINUE : gone(e);
          }

          private FileVisitResult gone(IOException e) throws IOException {
            if (e instanceof NoSuchFileException || e instanceof NotDirectoryException) {
              return FileVisitResult.CONTINUE;
            }
            throw e;
          }
        });
    return found;
  }

  private Path path(String key) {
    return root.resolve(Keys.check(key));
  }

  private static Path parent(Path path) {
    return Objects.requireNonNull(path.getParent());
  }

  static ElanusException failed(String what, String key, IOException e) {
    if (e instanceof NoSuchFileException) {
      return new ElanusException(ErrorCode.DATA_CORRUPT, "the data file " + key + " is missing", e);
    }
    String message = String.valueOf(e.getMessage());
    return new ElanusException(
        LocalFolders.isFull(e) ? ErrorCode.DISK_LIMIT : ErrorCode.INTERNAL,
        "could not " + what + " " + key + ": " + message,
        e);
  }
}
