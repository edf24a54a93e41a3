package io.elanus.store.object;

class MemoryObjectsTest extends ObjectStoreContract {
  @Override
  protected ObjectStore create() {
    return new MemoryObjects();
  }
}
