package io.elanus.kernel;

import io.elanus.kernel.library.Level;

/** C keeps the contract with AVX-512. */
class NativeAvx512Test extends NativeContract {
  NativeAvx512Test() {
    super(Level.AVX512);
  }
}
