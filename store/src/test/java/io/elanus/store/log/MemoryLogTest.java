package io.elanus.store.log;

class MemoryLogTest extends LogContract {
  @Override
  protected Log create() {
    return new MemoryLog();
  }
}
