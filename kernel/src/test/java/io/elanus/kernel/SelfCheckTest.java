package io.elanus.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A kernel that answers wrongly in one place is caught, and the place is named. */
class SelfCheckTest {
  private final Kernel right = Kernels.scalar();

  @Test
  void passesTheKernelsThatAreRight() {
    assertThat(SelfCheck.difference(Kernels.named("vector"), right)).isEmpty();
  }

  @Test
  void namesThePartThatDiffers() {
    FloatRows otherCells = new ScalarFloatRows(FloatCell.BFLOAT16);
    assertThat(checked(otherCells, right.nibbles())).isEqualTo("float16 at dimension 1");
    NibbleScan oneTooMany =
        (tables, codes, offset, blocks, out) -> {
          right.nibbles().scan(tables, codes, offset, blocks, out);
          out[63] += NibbleScan.groups(tables) == 19 ? 1 : 0;
        };
    assertThat(checked(right.float16(), oneTooMany)).isEqualTo("4-bit codes of 19 groups");
  }

  private String checked(FloatRows float16, NibbleScan nibbles) {
    Kernel kernel =
        new Kernel("wrong", right.float32(), float16, right.bfloat16(), right.bytes(), nibbles);
    return SelfCheck.difference(kernel, right).orElse("nothing");
  }
}
