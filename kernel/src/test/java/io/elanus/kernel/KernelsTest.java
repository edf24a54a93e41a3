package io.elanus.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.module.Configuration;
import org.junit.jupiter.api.Test;

/** Which kernel serves, and that the choice explains itself. */
class KernelsTest {
  @Test
  void takesTheVectorApiWhereTheJvmHasIt() {
    Kernels.Choice choice = Kernels.choose(ModuleLayer.boot());
    assertThat(choice.kernel().name()).startsWith("vector (");
    assertThat(choice.reason()).contains("Vector API");
  }

  @Test
  void fallsBackToTheReferenceAndSaysWhatIsMissing() {
    Configuration empty = ModuleLayer.empty().configuration();
    ModuleLayer without =
        ModuleLayer.empty()
            .defineModules(
                empty.resolve(
                    java.lang.module.ModuleFinder.of(),
                    java.lang.module.ModuleFinder.of(),
                    java.util.Set.of()),
                name -> null);
    Kernels.Choice choice = Kernels.choose(without);
    assertThat(choice.kernel().name()).isEqualTo("scalar");
    assertThat(choice.reason()).contains("--add-modules=jdk.incubator.vector");
  }
}
