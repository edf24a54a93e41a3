package io.elanus.sim.disk;

import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A path of names, absolute or not; as the product uses them, always normal. */
final class SimulatedPath implements Path {
  private final SimulatedFileSystem system;
  private final boolean absolute;
  private final List<String> names;

  SimulatedPath(SimulatedFileSystem system, boolean absolute, List<String> names) {
    this.system = system;
    this.absolute = absolute;
    this.names = List.copyOf(names);
  }

  static SimulatedPath parse(SimulatedFileSystem system, String text) {
    List<String> names = new ArrayList<>();
    for (String name : text.split("/", -1)) {
      if (!name.isEmpty()) {
        names.add(name);
      }
    }
    return new SimulatedPath(system, text.startsWith("/"), names);
  }

  /** As the disk knows it. */
  String text() {
    return toString();
  }

  @Override
  public FileSystem getFileSystem() {
    return system;
  }

  @Override
  public boolean isAbsolute() {
    return absolute;
  }

  @Override
  public @Nullable Path getRoot() {
    return absolute ? new SimulatedPath(system, true, List.of()) : null;
  }

  @Override
  public @Nullable Path getFileName() {
    return names.isEmpty() ? null : subpath(names.size() - 1, names.size());
  }

  @Override
  public @Nullable Path getParent() {
    if (names.isEmpty() || (names.size() == 1 && !absolute)) {
      return null;
    }
    return new SimulatedPath(system, absolute, names.subList(0, names.size() - 1));
  }

  @Override
  public int getNameCount() {
    return names.size();
  }

  @Override
  public Path getName(int index) {
    return subpath(index, index + 1);
  }

  @Override
  public Path subpath(int from, int to) {
    return new SimulatedPath(system, false, names.subList(from, to));
  }

  @Override
  public boolean startsWith(Path other) {
    SimulatedPath start = (SimulatedPath) other;
    return absolute == start.absolute
        && names.size() >= start.names.size()
        && names.subList(0, start.names.size()).equals(start.names);
  }

  @Override
  public boolean endsWith(Path other) {
    List<String> end = ((SimulatedPath) other).names;
    return names.size() >= end.size()
        && names.subList(names.size() - end.size(), names.size()).equals(end);
  }

  @Override
  public Path normalize() {
    return this;
  }

  @Override
  public Path resolve(Path other) {
    SimulatedPath below = (SimulatedPath) other;
    if (below.absolute) {
      return below;
    }
    List<String> all = new ArrayList<>(names);
    all.addAll(below.names);
    return new SimulatedPath(system, absolute, all);
  }

  @Override
  public Path relativize(Path other) {
    if (!other.startsWith(this)) {
      throw new IllegalArgumentException(other + " is not below " + this);
    }
    return other.subpath(names.size(), other.getNameCount());
  }

  @Override
  public URI toUri() {
    return URI.create("simulated://" + this);
  }

  @Override
  public Path toAbsolutePath() {
    return absolute ? this : new SimulatedPath(system, true, names);
  }

  @Override
  public Path toRealPath(LinkOption... options) {
    return toAbsolutePath();
  }

  @Override
  public WatchKey register(
      WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
    throw new UnsupportedOperationException("a simulated folder is not watched");
  }

  @Override
  public int compareTo(Path other) {
    return toString().compareTo(other.toString());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SimulatedPath path
        && system == path.system
        && absolute == path.absolute
        && names.equals(path.names);
  }

  @Override
  public int hashCode() {
    return Collections.unmodifiableList(names).hashCode();
  }

  @Override
  public String toString() {
    return (absolute ? "/" : "") + String.join("/", names);
  }
}
