package io.elanus.sim.disk;

import io.elanus.sim.disk.DiskWatch.Failure;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * The disk that one process sees. Paths are absolute and slash-separated. When the process dies,
 * its disk is left behind as it is and the next process gets what survived; what is left running of
 * the old one can do no harm.
 */
public final class SimulatedDisk {
  private final StoredFolder root;
  private DiskWatch watch = DiskWatch.NONE;
  private int openFiles;

  public SimulatedDisk() {
    this(new StoredFolder());
  }

  private SimulatedDisk(StoredFolder root) {
    this.root = root;
  }

  public void watch(DiskWatch newer) {
    watch = newer;
  }

  /** Files and folders that were opened and not closed. */
  public int openFiles() {
    return openFiles;
  }

  /** What the next process finds after a kill: everything that was written. */
  public SimulatedDisk afterKill() {
    return new SimulatedDisk(root.copy(new IdentityHashMap<>()));
  }

  /** What the next process finds after a power cut. */
  public SimulatedDisk afterPowerCut(Random chance, DiskLosses losses) {
    return new SimulatedDisk(root.survivor(chance, losses));
  }

  /** All files below a folder, sorted. */
  public List<String> files(String folder) {
    List<String> found = new ArrayList<>();
    if (lookUp(folder) instanceof StoredFolder present) {
      collect(present, folder.equals("/") ? "" : folder, found);
    }
    return found;
  }

  private static void collect(StoredFolder folder, String path, List<String> found) {
    folder
        .entries()
        .forEach(
            (name, node) -> {
              switch (node) {
                case StoredFile file -> found.add(path + "/" + name);
                case StoredFolder below -> collect(below, path + "/" + name, found);
              }
            });
  }

  /** Bytes of a file, without a call. */
  public byte[] peek(String path) {
    return lookUp(path) instanceof StoredFile file ? file.bytes() : new byte[0];
  }

  /** Whether it has bytes that a power cut could take. */
  public boolean unforced(String path) {
    return lookUp(path) instanceof StoredFile file && file.unforced();
  }

  /** A bit of a file turns by itself. */
  public void flip(String path, long bit) {
    if (lookUp(path) instanceof StoredFile file) {
      file.flip(bit);
    }
  }

  /** The sector of a file that holds this byte is lost by itself. */
  public void lose(String path, int byteAt) {
    if (lookUp(path) instanceof StoredFile file) {
      file.lose(byteAt);
    }
  }

  // --- calls ----------------------------------------------------------------------------------

  /** Before the call takes effect; throws where it fails at once. */
  private void call(DiskCall call, String path) throws IOException {
    Failure failure = watch.before(call, path, 0);
    if (failure != null) {
      throw new IOException(failure.message());
    }
  }

  @Nullable Node lookUp(String path) {
    Node node = root;
    int from = 1;
    while (from < path.length() && node != null) {
      int slash = path.indexOf('/', from);
      int to = slash < 0 ? path.length() : slash;
      node = node instanceof StoredFolder folder ? folder.get(path.substring(from, to)) : null;
      from = to + 1;
    }
    return node;
  }

  private StoredFolder parent(String path) throws IOException {
    String above = path.substring(0, Math.max(1, path.lastIndexOf('/')));
    return switch (lookUp(above)) {
      case StoredFolder folder -> folder;
      case StoredFile file -> throw new NotDirectoryException(above);
      case null -> throw new NoSuchFileException(path);
    };
  }

  private static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** A new, empty file in the place of nothing. */
  StoredFile create(String path) throws IOException {
    call(DiskCall.CREATE, path);
    StoredFolder parent = parent(path);
    if (parent.get(name(path)) != null) {
      throw new FileAlreadyExistsException(path);
    }
    StoredFile file = new StoredFile();
    parent.put(name(path), file);
    return file;
  }

  void createFolder(String path) throws IOException {
    call(DiskCall.CREATE_FOLDER, path);
    StoredFolder parent = parent(path);
    if (parent.get(name(path)) != null) {
      throw new FileAlreadyExistsException(path);
    }
    parent.put(name(path), new StoredFolder());
  }

  StoredFile open(String path) throws IOException {
    call(DiskCall.OPEN, path);
    if (lookUp(path) instanceof StoredFile file) {
      return file;
    }
    throw new NoSuchFileException(path);
  }

  StoredFolder openFolder(String path) throws IOException {
    call(DiskCall.OPEN, path);
    if (lookUp(path) instanceof StoredFolder folder) {
      return folder;
    }
    throw new NoSuchFileException(path);
  }

  Map<String, Node> list(String path) throws IOException {
    call(DiskCall.LIST, path);
    if (lookUp(path) instanceof StoredFolder folder) {
      return folder.entries();
    }
    throw new NotDirectoryException(path);
  }

  /** Within one folder. */
  void rename(String from, String to) throws IOException {
    call(DiskCall.RENAME, to);
    StoredFolder parent = parent(from);
    if (parent != parent(to)) {
      throw new IOException("renamed from one folder to another");
    }
    if (parent.get(name(from)) == null) {
      throw new NoSuchFileException(from);
    }
    parent.rename(name(from), name(to));
  }

  void delete(String path) throws IOException {
    call(DiskCall.DELETE, path);
    StoredFolder parent = parent(path);
    Node node = parent.get(name(path));
    if (node == null) {
      throw new NoSuchFileException(path);
    }
    if (node instanceof StoredFolder folder && !folder.entries().isEmpty()) {
      throw new DirectoryNotEmptyException(path);
    }
    parent.remove(name(path));
  }

  byte[] read(StoredFile file, String path) throws IOException {
    call(DiskCall.READ, path);
    return file.bytes();
  }

  void write(StoredFile file, String path, int at, byte[] bytes) throws IOException {
    int growth = Math.max(0, at + bytes.length - file.size());
    Failure failure = watch.before(DiskCall.WRITE, path, growth);
    int length = failure == null ? bytes.length : (int) (failure.part() * bytes.length);
    if (length > 0) {
      file.write(at, bytes, length);
    }
    if (failure != null) {
      throw new IOException(failure.message());
    }
  }

  void truncate(StoredFile file, String path, long size) throws IOException {
    call(DiskCall.TRUNCATE, path);
    file.truncate(Math.toIntExact(size));
  }

  void force(StoredFile file, String path) throws IOException {
    try {
      call(DiskCall.FORCE, path);
    } catch (IOException e) {
      file.failForce();
      throw e;
    }
    file.force();
  }

  void force(StoredFolder folder, String path) throws IOException {
    call(DiskCall.FORCE_FOLDER, path);
    folder.force();
  }

  void opened() {
    openFiles++;
  }

  void closed() {
    openFiles--;
  }
}
