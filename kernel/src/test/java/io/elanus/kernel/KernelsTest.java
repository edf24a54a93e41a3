package io.elanus.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.kernel.library.NativeLibrary;
import io.elanus.model.error.ElanusException;
import java.io.IOException;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which kernel serves, and that the choice explains itself. */
class KernelsTest {
  @Test
  void takesTheNativeKernelWhereTheBuildCarriesIt() {
    Kernels.Choice choice = Kernels.choose(null, ModuleLayer.boot());
    System.out.println("kernel: " + choice.kernel().name() + ", " + choice.reason());
    if (carried()) {
      assertThat(choice.kernel().name()).startsWith("native (");
      assertThat(choice.reason()).isEqualTo(NativeLibrary.resource());
    } else {
      assertThat(choice.kernel().name()).startsWith("vector (");
      assertThat(choice.reason()).contains("carries no " + NativeLibrary.resource());
    }
  }

  @Test
  void takesTheOneThatIsAskedFor() {
    assertThat(Kernels.named("vector").name()).startsWith("vector (");
    assertThat(Kernels.named("scalar").name()).isEqualTo("scalar");
    if (carried()) {
      assertThat(Kernels.named("native").name()).startsWith("native (");
    } else {
      assertThatThrownBy(() -> Kernels.named("native"))
          .isInstanceOf(ElanusException.class)
          .hasMessageContaining(NativeLibrary.resource());
    }
  }

  @Test
  void refusesWhatCannotServeAndSaysWhatIsMissing() {
    Configuration empty = ModuleLayer.empty().configuration();
    ModuleLayer without =
        ModuleLayer.empty()
            .defineModules(
                empty.resolve(ModuleFinder.of(), ModuleFinder.of(), Set.of()), name -> null);
    assertThatThrownBy(() -> Kernels.choose("vector", without))
        .isInstanceOf(ElanusException.class)
        .hasMessageContaining("--add-modules=jdk.incubator.vector");
    assertThatThrownBy(() -> Kernels.named("fast"))
        .isInstanceOf(ElanusException.class)
        .hasMessageContaining("native, vector or scalar");
  }

  /** The build's own word on whether it found a compiler. */
  @Test
  void theLibraryLoadsWhereTheBuildFoundACompiler() throws IOException {
    String compiler = Files.readString(Path.of("target", "native-compiler.txt")).strip();
    NativeLibrary.Outcome outcome = NativeLibrary.outcome();
    System.out.println("compiler: " + compiler + "; library: " + outcome.reason());
    assertThat(outcome.library().isPresent()).isEqualTo(!compiler.equals("none"));
  }

  private static boolean carried() {
    return KernelsTest.class.getClassLoader().getResource(NativeLibrary.resource()) != null;
  }
}
