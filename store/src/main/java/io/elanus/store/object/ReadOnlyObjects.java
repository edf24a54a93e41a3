package io.elanus.store.object;

import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/**
 * The objects below a folder as they are: nothing is created, changed or cleaned up, so that a
 * folder can be looked at while somebody else has it, or where it cannot be written to.
 */
public final class ReadOnlyObjects implements ObjectStore {
  private final Path root;

  /** A folder that is absent holds no objects. */
  public ReadOnlyObjects(Path root) {
    this.root = root;
  }

  @Override
  public MemorySegment map(String key, Arena arena) {
    try (FileChannel channel = FileChannel.open(path(key), StandardOpenOption.READ)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
    } catch (IOException e) {
      throw LocalObjects.failed("read", key, e);
    }
  }

  @Override
  public byte[] read(String key) {
    try {
      return Files.readAllBytes(path(key));
    } catch (IOException e) {
      throw LocalObjects.failed("read", key, e);
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
      throw LocalObjects.failed("read", key, e);
    }
  }

  @Override
  public List<String> list(String prefix) {
    Keys.checkPrefix(prefix);
    return names().stream()
        .filter(key -> key.startsWith(prefix) && !key.endsWith(Keys.UNFINISHED))
        .toList();
  }

  /** What crashes left, or somebody is writing: the next opening for writing removes it. */
  public List<String> unfinished() {
    return names().stream().filter(name -> name.endsWith(Keys.UNFINISHED)).toList();
  }

  private List<String> names() {
    List<String> names = new ArrayList<>();
    if (!Files.isDirectory(root)) {
      return names;
    }
    try {
      Files.walkFileTree(
          root,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              if (attributes.isRegularFile()) {
                names.add(root.relativize(file).toString().replace('\\', '/'));
              }
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw LocalObjects.failed("list", root.toString(), e);
    }
    java.util.Collections.sort(names);
    return names;
  }

  @Override
  public Writer create(String key) {
    throw refused("create", key);
  }

  @Override
  public void put(String key, byte[] content) {
    throw refused("write", key);
  }

  @Override
  public boolean putIfAbsent(String key, byte[] content) {
    throw refused("write", key);
  }

  @Override
  public void delete(String key) {
    throw refused("delete", key);
  }

  @Override
  public void deleteAll(String prefix) {
    throw refused("delete", prefix);
  }

  private ElanusException refused(String what, String key) {
    return new ElanusException(
        ErrorCode.INTERNAL, "asked to %s %s in %s, which is only read".formatted(what, key, root));
  }

  private Path path(String key) {
    return root.resolve(Keys.check(key));
  }
}
