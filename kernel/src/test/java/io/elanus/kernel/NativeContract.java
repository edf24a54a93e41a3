package io.elanus.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.kernel.library.Level;
import io.elanus.kernel.library.NativeLibrary;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * C keeps the contract with the instructions of one level. A level that this processor lacks runs
 * as the one below; where the build found no compiler, the kernel that serves instead runs.
 */
abstract class NativeContract extends KernelContract {
  private final Level level;
  private final Kernel kernel;

  NativeContract(Level level) {
    this.level = level;
    kernel =
        NativeLibrary.outcome()
            .library()
            .map(library -> Kernels.bound(library, level))
            .orElseGet(Kernels::best);
  }

  @Override
  Kernel kernel() {
    return kernel;
  }

  @Test
  void saysWhichInstructionsItUses() {
    System.out.println("at most " + level + ": " + kernel.name());
    String wanted = "native (" + level.name().toLowerCase(Locale.ROOT) + ")";
    boolean had = NativeLibrary.outcome().library().map(l -> l.limit(level)).orElse(null) == level;
    assertThat(kernel.name().equals(wanted)).isEqualTo(had);
  }

  @AfterEach
  void liftTheLimit() {
    NativeLibrary.outcome().library().ifPresent(library -> library.limit(Level.AVX512));
  }
}
