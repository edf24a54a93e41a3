package io.elanus.app.ingest;

import io.elanus.app.backup.ServerOptions;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;

/** Which files are meant, and what each is called on the server. */
final class SourceFiles {
  /** What people write to be read; in folders, other files are taken only where asked for. */
  private static final Set<String> EXTENSIONS =
      Set.of(
          ("txt text md markdown mdown html htm xhtml pdf doc docx odt rtf ppt pptx odp xls xlsx ods"
                  + " epub rst adoc asciidoc org tex csv tsv eml xml")
              .split(" "));

  private static final Set<String> NAMES =
      Set.of(
          "readme changelog changes news license copying copyright authors contributing install todo"
              .split(" "));

  private final List<PathMatcher> include;
  private final List<PathMatcher> exclude;
  private final String prefix;
  private final TreeMap<String, Path> files = new TreeMap<>();

  private SourceFiles(List<String> include, List<String> exclude, String prefix) {
    this.include = include.stream().map(SourceFiles::glob).toList();
    this.exclude = exclude.stream().map(SourceFiles::glob).toList();
    this.prefix = prefix;
  }

  /**
   * By the ids of their sources, in order: a folder's last name and the path below it.
   *
   * @param include globs over the path below a folder, or over the name; empty for what is text
   * @param prefix put before every id
   */
  static TreeMap<String, Path> of(
      List<Path> paths, List<String> include, List<String> exclude, String prefix)
      throws IOException {
    SourceFiles all = new SourceFiles(include, exclude, prefix);
    for (Path path : paths) {
      Path real = path.toAbsolutePath().normalize();
      if (Files.isDirectory(real)) {
        all.folder(real);
      } else if (Files.isRegularFile(real)) {
        all.add(String.valueOf(real.getFileName()), real);
      } else {
        throw ServerOptions.bad("there is no file or folder %s".formatted(path));
      }
    }
    return all.files;
  }

  private static PathMatcher glob(String pattern) {
    return FileSystems.getDefault().getPathMatcher("glob:" + pattern);
  }

  private void folder(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path each, BasicFileAttributes attributes) {
            boolean hidden = !each.equals(folder) && isHidden(each);
            return hidden ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            Path below = folder.relativize(file);
            if (attributes.isRegularFile() && !isHidden(file) && isMeant(below)) {
              Path name = folder.getFileName();
              add((name == null ? "" : name + "/") + below.toString().replace('\\', '/'), file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private void add(String id, Path file) {
    Path other = files.put(prefix + id, file);
    if (other != null && !other.equals(file)) {
      throw ServerOptions.bad(
          "%s and %s would both be the document %s; ingest them apart, with --prefix"
              .formatted(other, file, prefix + id));
    }
  }

  private static boolean isHidden(Path path) {
    return String.valueOf(path.getFileName()).startsWith(".");
  }

  private boolean isMeant(Path below) {
    if (matches(exclude, below)) {
      return false;
    }
    if (!include.isEmpty()) {
      return matches(include, below);
    }
    String name = String.valueOf(below.getFileName()).toLowerCase(Locale.ROOT);
    int dot = name.lastIndexOf('.');
    return dot < 0 ? NAMES.contains(name) : EXTENSIONS.contains(name.substring(dot + 1));
  }

  private static boolean matches(List<PathMatcher> globs, Path below) {
    return globs.stream()
        .anyMatch(glob -> glob.matches(below) || glob.matches(below.getFileName()));
  }
}
