package io.elanus.kernel;

import io.elanus.kernel.library.Level;

/** C keeps the contract with what every processor of the architecture has. */
class NativeBaselineTest extends NativeContract {
  NativeBaselineTest() {
    super(Level.BASELINE);
  }
}
