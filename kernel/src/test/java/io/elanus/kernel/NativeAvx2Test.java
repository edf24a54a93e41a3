package io.elanus.kernel;

import io.elanus.kernel.library.Level;

/** C keeps the contract with AVX2. */
class NativeAvx2Test extends NativeContract {
  NativeAvx2Test() {
    super(Level.AVX2);
  }
}
