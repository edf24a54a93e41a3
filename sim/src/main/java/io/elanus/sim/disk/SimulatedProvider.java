package io.elanus.sim.disk;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** File calls of the platform, as far as the product makes them; others are refused. */
final class SimulatedProvider extends FileSystemProvider {
  private final SimulatedFileSystem system;

  SimulatedProvider(SimulatedFileSystem system) {
    this.system = system;
  }

  private SimulatedDisk disk() {
    return system.disk();
  }

  private static String text(Path path) {
    return ((SimulatedPath) path.toAbsolutePath()).text();
  }

  @Override
  public String getScheme() {
    return "simulated";
  }

  @Override
  public FileSystem newFileSystem(URI uri, Map<String, ?> environment) {
    throw unsupported("file systems by address");
  }

  @Override
  public FileSystem getFileSystem(URI uri) {
    return system;
  }

  @Override
  public Path getPath(URI uri) {
    throw unsupported("paths by address");
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    return newFileChannel(path, options, attributes);
  }

  @Override
  public FileChannel newFileChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    String name = text(path);
    boolean fresh = options.contains(StandardOpenOption.CREATE_NEW);
    if (options.contains(StandardOpenOption.CREATE)
        || options.contains(StandardOpenOption.TRUNCATE_EXISTING)
        || options.contains(StandardOpenOption.APPEND)) {
      throw unsupported("opening with " + options);
    }
    if (fresh) {
      return new SimulatedChannel(disk(), disk().create(name), name);
    }
    if (disk().lookUp(name) instanceof StoredFolder) {
      return new SimulatedChannel(disk(), disk().openFolder(name), name);
    }
    return new SimulatedChannel(disk(), disk().open(name), name);
  }

  @Override
  public DirectoryStream<Path> newDirectoryStream(
      Path folder, DirectoryStream.Filter<? super Path> filter) throws IOException {
    List<Path> found = new ArrayList<>();
    for (String name : disk().list(text(folder)).keySet()) {
      Path path = folder.resolve(name);
      if (filter.accept(path)) {
        found.add(path);
      }
    }
    return new DirectoryStream<>() {
      @Override
      public Iterator<Path> iterator() {
        return found.iterator();
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void createDirectory(Path folder, FileAttribute<?>... attributes) throws IOException {
    disk().createFolder(text(folder));
  }

  @Override
  public void delete(Path path) throws IOException {
    disk().delete(text(path));
  }

  @Override
  public boolean deleteIfExists(Path path) throws IOException {
    if (disk().lookUp(text(path)) == null) {
      return false;
    }
    disk().delete(text(path));
    return true;
  }

  @Override
  public void copy(Path from, Path to, CopyOption... options) {
    throw unsupported("copies");
  }

  @Override
  public void move(Path from, Path to, CopyOption... options) throws IOException {
    disk().rename(text(from), text(to));
  }

  @Override
  public boolean isSameFile(Path one, Path other) {
    return one.equals(other);
  }

  @Override
  public boolean isHidden(Path path) {
    return false;
  }

  @Override
  public FileStore getFileStore(Path path) {
    throw unsupported("file stores");
  }

  @Override
  public void checkAccess(Path path, AccessMode... modes) throws IOException {
    if (disk().lookUp(text(path)) == null) {
      throw new NoSuchFileException(text(path));
    }
  }

  @Override
  public <V extends FileAttributeView> @Nullable V getFileAttributeView(
      Path path, Class<V> type, LinkOption... options) {
    return null;
  }

  @Override
  public <A extends BasicFileAttributes> A readAttributes(
      Path path, Class<A> type, LinkOption... options) throws IOException {
    Node node = disk().lookUp(text(path));
    if (node == null) {
      throw new NoSuchFileException(text(path));
    }
    return type.cast(new Attributes(node));
  }

  @Override
  public <A extends BasicFileAttributes> @Nullable A readAttributesIfExists(
      Path path, Class<A> type, LinkOption... options) {
    Node node = disk().lookUp(text(path));
    return node == null ? null : type.cast(new Attributes(node));
  }

  @Override
  public Map<String, Object> readAttributes(Path path, String names, LinkOption... options) {
    throw unsupported("attributes by name");
  }

  @Override
  public void setAttribute(Path path, String name, Object value, LinkOption... options) {
    throw unsupported("setting attributes");
  }

  static UnsupportedOperationException unsupported(String what) {
    return new UnsupportedOperationException(what + " are not simulated");
  }

  private record Attributes(Node node) implements BasicFileAttributes {
    private static final FileTime EPOCH = FileTime.fromMillis(0);

    @Override
    public FileTime lastModifiedTime() {
      return EPOCH;
    }

    @Override
    public FileTime lastAccessTime() {
      return EPOCH;
    }

    @Override
    public FileTime creationTime() {
      return EPOCH;
    }

    @Override
    public boolean isRegularFile() {
      return node instanceof StoredFile;
    }

    @Override
    public boolean isDirectory() {
      return node instanceof StoredFolder;
    }

    @Override
    public boolean isSymbolicLink() {
      return false;
    }

    @Override
    public boolean isOther() {
      return false;
    }

    @Override
    public long size() {
      return node instanceof StoredFile file ? file.size() : 0;
    }

    @Override
    public Object fileKey() {
      return node;
    }
  }
}
