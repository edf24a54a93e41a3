package io.elanus.server.admin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.DoubleSupplier;

/** The process's resident memory, as Linux tells it. */
public final class ResidentMemory implements DoubleSupplier {
  private static final String LINE = "VmRSS:";

  private final Path status;

  /**
   * @param status {@code /proc/self/status}, or a file like it
   */
  public ResidentMemory(Path status) {
    this.status = status;
  }

  /** Bytes; NaN on systems without that file. */
  @Override
  public double getAsDouble() {
    try {
      for (String line : Files.readAllLines(status)) {
        if (line.startsWith(LINE)) {
          String kibibytes = line.substring(LINE.length()).replace("kB", "").trim();
          return Double.parseDouble(kibibytes) * 1024;
        }
      }
    } catch (IOException | NumberFormatException e) {
      return Double.NaN;
    }
    return Double.NaN;
  }
}
