package io.elanus.kernel.library;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The C functions of this module, compiled by the build from {@code src/main/c} and carried in the
 * jar as {@code META-INF/native/<os>-<arch>/libelanus-kernel.so}. Loaded once, on first use, and
 * kept until the process ends.
 *
 * <p>A caller keeps each handle in a {@code static final} field, or calls through it are slow:
 *
 * <pre>{@code
 * private static final MethodHandle DOTS =
 *     NativeLibrary.loaded().find("elanus_float32_dots", FunctionDescriptor.ofVoid(...), true);
 * }</pre>
 */
public final class NativeLibrary {
  private static final String NAME = "elanus-kernel";
  private static final Logger LOG = LoggerFactory.getLogger(NativeLibrary.class);
  private static final Outcome OUTCOME = load();

  private final Linker linker = Linker.nativeLinker();
  private final SymbolLookup symbols;

  private NativeLibrary(SymbolLookup symbols) {
    this.symbols = symbols;
  }

  /** The library, or why there is none, in words for people. */
  public record Outcome(Optional<NativeLibrary> library, String reason) {}

  /** What came of loading; loads on the first call. */
  public static Outcome outcome() {
    return OUTCOME;
  }

  /**
   * The library.
   *
   * @throws IllegalStateException if it did not load; ask {@link #outcome} first
   */
  public static NativeLibrary loaded() {
    return OUTCOME.library.orElseThrow(() -> new IllegalStateException(OUTCOME.reason));
  }

  /** Where the jar carries the library for this machine. */
  public static String resource() {
    return "META-INF/native/" + system() + "-" + architecture() + "/" + fileName();
  }

  /**
   * A function of the library.
   *
   * @param critical passes arrays on the heap to it, and saves the thread's change of state, for
   *     functions that return within microseconds: the garbage collector waits for them
   * @throws IllegalStateException if the library has no function of this name
   */
  public MethodHandle find(String name, FunctionDescriptor descriptor, boolean critical) {
    MemorySegment address =
        symbols
            .find(name)
            .orElseThrow(() -> new IllegalStateException("the native library lacks " + name));
    return critical
        ? linker.downcallHandle(address, descriptor, Linker.Option.critical(true))
        : linker.downcallHandle(address, descriptor);
  }

  /**
   * Puts the highest level of instructions in force that this processor has and that is at most the
   * given one, for every function of the library and all threads. For tests and comparisons.
   */
  public Level limit(Level most) {
    MethodHandle limit =
        find(
            "elanus_level_limit",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
            false);
    try {
      return Level.values()[(int) limit.invokeExact(most.ordinal())];
    } catch (Throwable e) {
      throw new IllegalStateException("the native library's level cannot be set", e);
    }
  }

  private static Outcome load() {
    String resource = resource();
    try (InputStream bytes = NativeLibrary.class.getClassLoader().getResourceAsStream(resource)) {
      if (bytes == null) {
        return new Outcome(Optional.empty(), "this build carries no " + resource);
      }
      SymbolLookup symbols = open(bytes);
      return new Outcome(Optional.of(new NativeLibrary(symbols)), resource);
    } catch (IOException | RuntimeException e) {
      // Not writable or not executable temporary folder, another libc, native access denied.
      LOG.warn("{} does not load, and C code is not used.", resource, e);
      return new Outcome(Optional.empty(), resource + " does not load: " + e.getMessage());
    }
  }

  /** The loader wants a file; it keeps its own mapping of it, so that the file can go at once. */
  private static SymbolLookup open(InputStream bytes) throws IOException {
    // Created for this user alone, under a name nobody can foresee.
    Path file = Files.createTempFile("lib" + NAME + "-", ".so");
    try {
      try (OutputStream out = Files.newOutputStream(file)) {
        bytes.transferTo(out);
      }
      return SymbolLookup.libraryLookup(file, Arena.global());
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private static String fileName() {
    return "lib" + NAME + (system().equals("macos") ? ".dylib" : ".so");
  }

  private static String system() {
    String name = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    if (name.contains("linux")) {
      return "linux";
    }
    return name.contains("mac") ? "macos" : name.replaceAll("[^a-z0-9]+", "");
  }

  private static String architecture() {
    String name = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    return switch (name) {
      case "amd64", "x86_64" -> "x86_64";
      case "aarch64", "arm64" -> "aarch64";
      default -> name;
    };
  }
}
