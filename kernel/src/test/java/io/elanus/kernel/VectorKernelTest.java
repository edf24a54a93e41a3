package io.elanus.kernel;

/** The Vector API keeps the contract. */
class VectorKernelTest extends KernelContract {
  @Override
  Kernel kernel() {
    return Kernels.named("vector");
  }
}
