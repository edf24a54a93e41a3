package io.elanus.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The mutants beside the simulation still apply; {@code sim/mutants/run} lets them be killed. */
class MutantsTest {
  private static final int MUTANTS_MIN = 20;

  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(folder.resolve("sim/mutants"))) {
      folder = folder.getParent();
    }
    return folder;
  }

  @Test
  void everyPatchApplies() throws IOException {
    Path root = root();
    List<Path> patches;
    try (Stream<Path> files = Files.list(root.resolve("sim/mutants"))) {
      patches = files.filter(file -> file.toString().endsWith(".patch")).sorted().toList();
    }
    assertThat(patches).hasSizeGreaterThan(MUTANTS_MIN);
    List<String> broken = new ArrayList<>();
    for (Path patch : patches) {
      List<String> lines = Files.readAllLines(patch, StandardCharsets.UTF_8);
      String source = "";
      List<String> before = new ArrayList<>();
      boolean changes = false;
      boolean fits = true;
      for (String line : lines) {
        if (line.startsWith("+++ b/")) {
          source = Files.readString(root.resolve(line.substring(6)), StandardCharsets.UTF_8);
        } else if (line.startsWith("@@") && !before.isEmpty()) {
          fits &= occursOnce(source, before);
          before.clear();
        } else if (!source.isEmpty() && (line.startsWith(" ") || line.startsWith("-"))) {
          before.add(line.substring(1));
          changes |= line.startsWith("-");
        } else if (!source.isEmpty() && line.startsWith("+")) {
          changes = true;
        }
      }
      if (!changes || before.isEmpty() || !fits || !occursOnce(source, before)) {
        broken.add(patch.getFileName().toString());
      }
    }
    assertThat(broken).as("patches that no longer apply").isEmpty();
  }

  private static boolean occursOnce(String source, List<String> lines) {
    String block = "\n" + String.join("\n", lines) + "\n";
    int first = source.indexOf(block);
    return first >= 0 && source.indexOf(block, first + 1) < 0;
  }
}
