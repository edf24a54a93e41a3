package io.elanus.kernel;

/** The reference refuses what the others refuse; the rest shows that the contract can be kept. */
class ScalarKernelTest extends KernelContract {
  @Override
  Kernel kernel() {
    return Kernels.scalar();
  }
}
