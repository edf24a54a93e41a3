package io.elanus.store.object;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.stream.Stream;

/** Folders whose existence is durable, readable by their owner alone. */
public final class LocalFolders {
  private static final boolean POSIX =
      FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

  private LocalFolders() {}

  /** Creates a folder and its parents, each made durable in its own parent. */
  public static void create(Path folder) throws IOException {
    Path absolute = folder.toAbsolutePath();
    if (Files.isDirectory(absolute)) {
      return;
    }
    Path parent = absolute.getParent();
    if (parent != null) {
      create(parent);
    }
    try {
      Files.createDirectory(absolute, ownerOnly("rwx------"));
    } catch (java.nio.file.FileAlreadyExistsException e) {
      if (!Files.isDirectory(absolute)) {
        throw e;
      }
    }
    if (parent != null) {
      force(parent);
    }
  }

  /**
   * As {@link #create}, and makes sure of the folder's own entry even where it exists: whoever
   * created it may have crashed before forcing it.
   */
  public static void createDurably(Path folder) throws IOException {
    create(folder);
    Path parent = folder.toAbsolutePath().getParent();
    if (parent != null && Files.isReadable(parent)) {
      force(parent);
    }
  }

  /**
   * As {@link #create}, and makes sure of every entry above it that this user may have created: the
   * process that did may have crashed before forcing it, and whatever lies below would go with it.
   */
  public static void createRoot(Path folder) throws IOException {
    create(folder);
    for (Path each = folder.toAbsolutePath().getParent(); each != null; each = each.getParent()) {
      if (Files.isReadable(each) && Files.isWritable(each)) {
        force(each);
      }
    }
  }

  /** Makes creations, renames and deletions inside the folder durable. */
  public static void force(Path folder) throws IOException {
    if (!POSIX) {
      // Elsewhere a folder cannot be opened, and its entries are durable with the file.
      return;
    }
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Removes a folder with all that is in it. */
  public static void remove(Path folder) throws IOException {
    try (Stream<Path> inside = Files.walk(folder)) {
      for (Path each : inside.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }

  /** Whether a call failed for want of space; the system says so by its message alone. */
  public static boolean isFull(Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    return message.contains("No space left") || message.contains("quota exceeded");
  }

  /** Attributes for a new file or folder, such as {@code rw-------}; none where unknown. */
  public static FileAttribute<?>[] ownerOnly(String permissions) {
    return POSIX
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }
}
