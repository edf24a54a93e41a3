package io.elanus.kernel;

import io.elanus.kernel.library.Level;
import io.elanus.kernel.library.NativeLibrary;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which kernel serves, and why: the native one where the build carries it, it loads and passes its
 * check; else the Vector API; else the reference. The system property {@value #PROPERTY} ({@code
 * native}, {@code vector} or {@code scalar}) takes one of them or fails; {@value #LEVEL_PROPERTY}
 * ({@code baseline}, {@code avx2} or {@code avx512}) bounds the instructions of the native one.
 */
public final class Kernels {
  static final String PROPERTY = "elanus.kernel";
  static final String LEVEL_PROPERTY = "elanus.kernel.level";

  private static final Logger LOG = LoggerFactory.getLogger(Kernels.class);

  private Kernels() {}

  /** The kernel that serves, and the reason in words. */
  public record Choice(Kernel kernel, String reason) {}

  /** Made on first use. Where it fails, it fails alike each time it is asked. */
  private static final class Best {
    static final @Nullable Choice CHOICE;
    static final @Nullable ElanusException REFUSAL;

    static {
      Choice choice = null;
      ElanusException refusal = null;
      try {
        choice = choose(System.getProperty(PROPERTY), ModuleLayer.boot());
      } catch (ElanusException e) {
        refusal = e;
      }
      CHOICE = choice;
      REFUSAL = refusal;
    }
  }

  /**
   * The fastest kernel this process offers.
   *
   * @throws ElanusException if a system property asks for one that cannot serve
   */
  public static Kernel best() {
    return choice().kernel;
  }

  /** The kernel that {@link #best} answers, with the reason, for the log at start. */
  public static Choice choice() {
    if (Best.CHOICE != null) {
      return Best.CHOICE;
    }
    throw Best.REFUSAL == null ? new IllegalStateException("no kernel chosen") : Best.REFUSAL;
  }

  /** The reference. */
  public static Kernel scalar() {
    return new Kernel(
        "scalar",
        new ScalarFloatRows(FloatCell.FLOAT32),
        new ScalarFloatRows(FloatCell.FLOAT16),
        new ScalarFloatRows(FloatCell.BFLOAT16),
        new ScalarByteRows(),
        new ScalarNibbleScan());
  }

  /**
   * One kernel by name, to compare it with others.
   *
   * @param wanted "native", "vector" or "scalar"
   * @throws ElanusException if it cannot serve here
   */
  public static Kernel named(String wanted) {
    return choose(wanted, ModuleLayer.boot()).kernel;
  }

  static Choice choose(@Nullable String wanted, ModuleLayer layer) {
    return switch (wanted) {
      case null -> fastest(layer);
      case "native" -> {
        Attempt attempt = nativeKernel();
        yield new Choice(
            attempt.kernel.orElseThrow(() -> refused("native", attempt.reason)), attempt.reason);
      }
      case "vector" -> {
        if (!hasVectorApi(layer)) {
          throw refused("vector", WITHOUT_VECTOR_API);
        }
        yield new Choice(vector(), "asked for");
      }
      case "scalar" -> new Choice(scalar(), "asked for");
      default ->
          throw new ElanusException(
              ErrorCode.INVALID_ARGUMENT,
              "-D%s=%s: take native, vector or scalar".formatted(PROPERTY, wanted));
    };
  }

  private static final String WITHOUT_VECTOR_API =
      "the JVM was started without --add-modules=jdk.incubator.vector";

  private record Attempt(Optional<Kernel> kernel, String reason) {}

  private static Choice fastest(ModuleLayer layer) {
    Attempt attempt = nativeKernel();
    if (attempt.kernel.isPresent()) {
      return new Choice(attempt.kernel.get(), attempt.reason);
    }
    if (hasVectorApi(layer)) {
      return new Choice(vector(), "the JVM's Vector API, for " + attempt.reason);
    }
    return new Choice(scalar(), attempt.reason + ", and " + WITHOUT_VECTOR_API);
  }

  private static Attempt nativeKernel() {
    NativeLibrary.Outcome outcome = NativeLibrary.outcome();
    if (outcome.library().isEmpty()) {
      return new Attempt(Optional.empty(), outcome.reason());
    }
    Level most = mostLevel(System.getProperty(LEVEL_PROPERTY));
    try {
      Kernel kernel = bound(outcome.library().get(), most);
      Optional<String> difference = SelfCheck.difference(kernel, scalar());
      if (difference.isEmpty()) {
        return new Attempt(Optional.of(kernel), outcome.reason());
      }
      LOG.warn("The native kernel is left out, its answers are wrong: {}", difference.get());
      return new Attempt(Optional.empty(), "the native kernel fails its check");
    } catch (RuntimeException | LinkageError e) {
      LOG.warn("The native kernel is left out, its functions do not bind.", e);
      return new Attempt(Optional.empty(), "the native kernel does not bind");
    }
  }

  /** The native kernel; its level is that of every native function of the process. */
  static Kernel bound(NativeLibrary library, Level most) {
    Level level = library.limit(most);
    return new Kernel(
        "native (" + level.name().toLowerCase(Locale.ROOT) + ")",
        new NativeFloatRows(FloatCell.FLOAT32),
        new NativeFloatRows(FloatCell.FLOAT16),
        new NativeFloatRows(FloatCell.BFLOAT16),
        new NativeByteRows(),
        new NativeNibbleScan());
  }

  private static Kernel vector() {
    return new Kernel(
        "vector (" + VectorFloatRows.bits() + " bit)",
        new VectorFloatRows(),
        new VectorHalves(FloatCell.FLOAT16),
        new VectorHalves(FloatCell.BFLOAT16),
        new VectorByteRows(),
        new VectorNibbleScan());
  }

  private static Level mostLevel(@Nullable String property) {
    return property == null
        ? Level.AVX512
        : Arrays.stream(Level.values())
            .filter(level -> level.name().toLowerCase(Locale.ROOT).equals(property))
            .findFirst()
            .orElseThrow(
                () ->
                    new ElanusException(
                        ErrorCode.INVALID_ARGUMENT,
                        "-D%s=%s: take baseline, avx2 or avx512"
                            .formatted(LEVEL_PROPERTY, property)));
  }

  private static boolean hasVectorApi(ModuleLayer layer) {
    return layer.findModule("jdk.incubator.vector").isPresent();
  }

  private static ElanusException refused(String wanted, String reason) {
    return new ElanusException(
        ErrorCode.UNSUPPORTED,
        "-D%s=%s cannot be had: %s; leave the property out".formatted(PROPERTY, wanted, reason));
  }
}
