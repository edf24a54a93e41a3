package io.elanus.rag.parse;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Children as JVMs of little memory, each with a folder for its temporary files that goes with it.
 *
 * @param java the program
 * @param classPath of {@code extract}, as {@code java -cp} takes it
 * @param scratch below it are the children's folders
 * @param heapMebibytes beyond which a document ends its child
 */
public record ParserJvm(Path java, String classPath, Path scratch, int heapMebibytes)
    implements ParserProcesses {
  private static final String MAIN = "io.elanus.extract.ExtractCommand";

  /** What a JVM says by -XX:+ExitOnOutOfMemoryError. */
  private static final int EXIT_OUT_OF_MEMORY = 3;

  @Override
  public ParserProcess start() throws IOException {
    Files.createDirectories(scratch);
    Path folder = Files.createTempDirectory(scratch, "parser-");
    try {
      ProcessBuilder builder = new ProcessBuilder(command(folder));
      Map<String, String> environment = builder.environment();
      // No secrets of the server's, and no options of others.
      environment.keySet().retainAll(List.of("PATH", "LANG", "LC_ALL", "TZ"));
      builder.directory(folder.toFile());
      builder.redirectError(ProcessBuilder.Redirect.DISCARD);
      return new Running(builder.start(), folder);
    } catch (IOException e) {
      remove(folder);
      throw e;
    }
  }

  private List<String> command(Path folder) {
    return List.of(
        java.toString(),
        "-Xms32m",
        "-Xmx" + heapMebibytes + "m",
        "-XX:MaxDirectMemorySize=64m",
        "-XX:MaxMetaspaceSize=192m",
        "-XX:ReservedCodeCacheSize=64m",
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "-XX:+ExitOnOutOfMemoryError",
        // Its last words would be read as an answer, and it would be killed before its exit status.
        "-XX:+DisplayVMOutputToStderr",
        "-XX:-CreateCoredumpOnCrash",
        "-XX:+SuppressFatalErrorMessage",
        "-XX:+PerfDisableSharedMem",
        "-Xlog:disable",
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        "-Djava.awt.headless=true",
        "-Djava.io.tmpdir=" + folder,
        "-Duser.home=" + folder,
        "-cp",
        classPath,
        MAIN);
  }

  /** What children left that were killed with their server. */
  public void clean() {
    remove(scratch);
  }

  private static void remove(Path folder) {
    try {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.deleteIfExists(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path each, @Nullable IOException e)
                throws IOException {
              Files.deleteIfExists(each);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (NoSuchFileException e) {
      // Gone already.
    } catch (IOException e) {
      System.getLogger(ParserJvm.class.getName())
          .log(System.Logger.Level.WARNING, "temporary files of a parser stay: " + folder, e);
    }
  }

  private record Running(Process process, Path folder) implements ParserProcess {
    @Override
    public OutputStream toChild() {
      return process.getOutputStream();
    }

    @Override
    public InputStream fromChild() {
      return process.getInputStream();
    }

    @Override
    public boolean isAlive() {
      return process.isAlive();
    }

    @Override
    public void kill() {
      process.destroyForcibly();
      boolean interrupted = false;
      while (true) {
        try {
          process.waitFor();
          break;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      remove(folder);
    }

    @Override
    public boolean ranOutOfMemory() {
      return !process.isAlive() && process.exitValue() == EXIT_OUT_OF_MEMORY;
    }
  }
}
