package io.elanus.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The house's fences. Each list of exceptions may only get shorter: an entry that no longer needs
 * its exception fails the test as well.
 */
class TidyTest {
  private static final int FILE_LINES_MAX = 600;
  private static final int METHOD_LINES_MAX = 70;
  private static final int PACKAGE_FILES_MAX = 20;

  private static final Pattern FORBIDDEN_NAME =
      Pattern.compile(
          "(?i)(^|[^a-z])(util|utils|common|core|impl|manager|helper|helpers)([^a-z]|$)");
  private static final Pattern METHOD =
      Pattern.compile("^  (?:[a-z@].*)?[\\w>\\])] ?\\w+\\(.*\\{$|^  \\w.*\\) \\{$");
  private static final Pattern SIGNATURE_END = Pattern.compile("^      .*\\) \\{$");
  private static final Pattern NESTED_METHOD =
      Pattern.compile(
          "^    (?!if|for|while|switch|try|synchronized|else|do|return|throw)\\w.* ?\\w+\\(.*\\) \\{$");
  private static final Pattern MAPPED_PATH = Pattern.compile("`((?:[a-z0-9]+/)[A-Za-z0-9_./-]*)`");

  private final Path root = root();

  @Test
  void filesStayWithinTheirFence() throws IOException {
    List<String> tooLong = new ArrayList<>();
    for (Path file : sources()) {
      long lines = Files.readAllLines(file).size();
      if (lines > FILE_LINES_MAX) {
        tooLong.add(root.relativize(file) + ": " + lines);
      }
    }
    assertThat(tooLong).isEmpty();
  }

  /** After formatting, a method of a top-level class opens at two spaces and closes there. */
  @Test
  void methodsStayWithinTheirFence() throws IOException {
    List<String> tooLong = new ArrayList<>();
    for (Path file : sources()) {
      List<String> lines = Files.readAllLines(file);
      int start = -1;
      String end = "";
      for (int i = 0; i < lines.size(); i++) {
        String line = lines.get(i);
        boolean nested = NESTED_METHOD.matcher(line).find();
        boolean goesOn = i > 0 && lines.get(i - 1).matches(".*[(,]");
        boolean begins =
            METHOD.matcher(line).find() || goesOn && SIGNATURE_END.matcher(line).find();
        if (start < 0 && (begins || nested)) {
          start = i;
          end = nested ? "    }" : "  }";
        } else if (start >= 0 && line.equals(end)) {
          if (i - start + 1 > METHOD_LINES_MAX) {
            tooLong.add(root.relativize(file) + ":" + (start + 1) + ": " + (i - start + 1));
          }
          start = -1;
        }
      }
    }
    assertThat(tooLong).isEmpty();
  }

  @Test
  void packagesDoNotSwell() throws IOException {
    Map<Path, Integer> counts = new TreeMap<>();
    for (Path file : sources()) {
      if (file.toString().contains("src/main")) {
        counts.merge(root.relativize(file.getParent()), 1, Integer::sum);
      }
    }
    assertThat(counts)
        .isNotEmpty()
        .allSatisfy(
            (name, n) -> assertThat(n).as(name.toString()).isLessThanOrEqualTo(PACKAGE_FILES_MAX));
  }

  @Test
  void namesSayWhatThingsAre() throws IOException {
    List<String> bad = new ArrayList<>();
    for (Path file : sources()) {
      String name = root.relativize(file).toString();
      if (FORBIDDEN_NAME.matcher(name).find()
          || name.matches(".*(Util|Utils|Impl|Manager|Helper|V\\d)\\.java")) {
        bad.add(name);
      }
    }
    assertThat(bad).isEmpty();
  }

  @Test
  void everyPackageSaysWhatItAnswers() throws IOException {
    List<String> silent = new ArrayList<>();
    for (Path file : sources()) {
      boolean main = file.toString().contains("src/main");
      if (main && !Files.exists(file.resolveSibling("package-info.java"))) {
        silent.add(root.relativize(file.getParent()).toString());
      }
    }
    assertThat(silent).isEmpty();
  }

  @Test
  void theMapNamesOnlyWhatExists() throws IOException {
    Matcher paths = MAPPED_PATH.matcher(Files.readString(root.resolve("ARCHITECTURE.md")));
    List<String> missing = new ArrayList<>();
    int named = 0;
    while (paths.find()) {
      named++;
      if (!Files.exists(root.resolve(paths.group(1)))) {
        missing.add(paths.group(1));
      }
    }
    assertThat(missing).isEmpty();
    assertThat(named).as("paths named by the map").isGreaterThan(10);
  }

  private List<Path> sources() throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      List<Path> sources =
          files
              .filter(f -> f.toString().endsWith(".java"))
              .filter(f -> !root.relativize(f).toString().contains("target/"))
              .toList();
      assertThat(sources).hasSizeGreaterThan(100);
      return sources;
    }
  }

  private static Path root() {
    File folder = new File("").getAbsoluteFile();
    while (folder != null && !new File(folder, "elanus").isFile()) {
      folder = folder.getParentFile();
    }
    if (folder == null) {
      throw new IllegalStateException("not inside a checkout");
    }
    return folder.toPath();
  }
}
