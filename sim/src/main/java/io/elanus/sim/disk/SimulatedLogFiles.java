package io.elanus.sim.disk;

import io.elanus.store.log.LogFiles;
import io.elanus.store.object.LocalFolders;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/** Log files in a folder of a simulated disk, made durable as the real ones are. */
public final class SimulatedLogFiles implements LogFiles {
  private final SimulatedDisk disk;
  private final String folder;

  /** Creates the folder where it is absent. */
  public SimulatedLogFiles(SimulatedFileSystem system, Path folder) throws IOException {
    this.disk = system.disk();
    this.folder = folder.toString();
    LocalFolders.createDurably(folder);
  }

  private String path(String name) {
    return folder + "/" + name;
  }

  @Override
  public List<String> list() throws IOException {
    return List.copyOf(disk.list(folder).keySet());
  }

  @Override
  public LogFile create(String name) throws IOException {
    if (disk.lookUp(path(name)) != null) {
      disk.delete(path(name));
    }
    return new OpenFile(disk.create(path(name)), path(name));
  }

  @Override
  public LogFile open(String name) throws IOException {
    return new OpenFile(disk.open(path(name)), path(name));
  }

  @Override
  public void rename(String from, String to) throws IOException {
    disk.rename(path(from), path(to));
  }

  @Override
  public void delete(String name) throws IOException {
    if (disk.lookUp(path(name)) != null) {
      disk.delete(path(name));
    }
  }

  @Override
  public void forceFolder() throws IOException {
    disk.force(disk.openFolder(folder), folder);
  }

  private final class OpenFile implements LogFile {
    private final StoredFile file;
    private final String path;
    private boolean closed;

    OpenFile(StoredFile file, String path) {
      this.file = file;
      this.path = path;
      disk.opened();
    }

    @Override
    public void write(ByteBuffer bytes, long offset) throws IOException {
      byte[] content = new byte[bytes.remaining()];
      bytes.get(content);
      disk.write(file, path, Math.toIntExact(offset), content);
    }

    @Override
    public void force() throws IOException {
      disk.force(file, path);
    }

    @Override
    public void truncate(long size) throws IOException {
      disk.truncate(file, path, size);
    }

    @Override
    public MemorySegment map(Arena arena) throws IOException {
      return Mapping.of(disk.read(file, path), arena);
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        disk.closed();
      }
    }
  }
}
