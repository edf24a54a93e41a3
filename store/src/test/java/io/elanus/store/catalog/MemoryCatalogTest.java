package io.elanus.store.catalog;

class MemoryCatalogTest extends CatalogContract {
  @Override
  protected Catalog create() {
    return new MemoryCatalog();
  }
}
