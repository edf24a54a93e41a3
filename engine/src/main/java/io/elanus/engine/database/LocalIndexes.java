package io.elanus.engine.database;

import io.elanus.engine.Shard;
import io.elanus.engine.database.CollectionRecord.IndexRecord;
import io.elanus.engine.database.LocalDatabase.Names;
import io.elanus.engine.write.IndexProgress;
import io.elanus.index.VectorIndexes;
import io.elanus.index.scalar.ScalarIndexes;
import io.elanus.model.Caller;
import io.elanus.model.Indexes;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.info.IndexInfo;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.IndexSpec;
import io.elanus.model.schema.Metric;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Indexes of a collection's fields. */
record LocalIndexes(Names names) implements Indexes {
  @Override
  public void create(Caller caller, String collection, IndexSpec spec) {
    names.lock().lock();
    try {
      CollectionRecord record = names.collection(caller, collection);
      Field field =
          record
              .schema()
              .field(spec.field())
              .orElseThrow(
                  () ->
                      new ElanusException(
                          ErrorCode.FIELD_NOT_FOUND,
                          "cannot create index on non-exist field: " + spec.field()));
      IndexSpec complete = complete(field, spec, record.schema().metrics(field));
      Optional<IndexRecord> onField = record.indexOn(field.name());
      if (onField.isPresent()) {
        refuseOther(onField.get().spec(), complete);
        return;
      }
      for (IndexRecord other : record.indexes()) {
        if (other.spec().name().equals(complete.name())) {
          throw new ElanusException(
              ErrorCode.INDEX_CONFLICT,
              "invalid parameter: index name %s is used on field %s already"
                  .formatted(complete.name(), other.spec().field()));
        }
      }
      List<IndexRecord> more = new ArrayList<>(record.indexes());
      more.add(new IndexRecord(names.directory().allocateId(), complete));
      change(record, more);
    } finally {
      names.lock().unlock();
    }
  }

  private static void refuseOther(IndexSpec existing, IndexSpec asked) {
    boolean same =
        existing.type().equals(asked.type())
            && existing.metric() == asked.metric()
            && existing.params().equals(asked.params())
            && existing.name().equals(asked.name());
    if (!same) {
      throw new ElanusException(
          ErrorCode.INDEX_CONFLICT,
          "at most one distinct index is allowed per field; field %s has index %s of type %s"
              .formatted(existing.field(), existing.name(), existing.type()));
    }
  }

  /** Defaults filled in and parameters checked. */
  private static IndexSpec complete(Field field, IndexSpec spec, List<Metric> metrics) {
    String name = spec.name().isEmpty() ? field.name() : spec.name();
    io.elanus.model.schema.Names.check("index", name, ErrorCode.INVALID_NAME);
    String type = (spec.type().isEmpty() ? "AUTOINDEX" : spec.type()).toUpperCase(Locale.ROOT);
    Metric metric = spec.metric();
    if (field.type().isVector()) {
      metric = metric == null ? metrics.getFirst() : metric;
      if (!metrics.contains(metric)) {
        throw new ElanusException(
            ErrorCode.INVALID_ARGUMENT,
            "metric type %s does not measure field %s of type %s; use one of %s"
                .formatted(metric, field.name(), field.type(), metrics));
      }
      VectorIndexes.format(type, field.type()).checkBuild(spec.params(), field.dim());
    } else {
      metric = null;
      ScalarIndexes.check(type, field);
    }
    return new IndexSpec(field.name(), name, type, metric, spec.params(), spec.properties());
  }

  private void change(CollectionRecord record, List<IndexRecord> indexes) {
    CollectionRecord changed = record.withIndexes(indexes);
    names.directory().put(changed);
    names.shards().indexes(changed);
  }

  @Override
  public void drop(Caller caller, String collection, String indexName) {
    names.lock().lock();
    try {
      CollectionRecord record = names.collection(caller, collection);
      List<IndexRecord> fewer = new ArrayList<>(record.indexes());
      List<IndexRecord> gone = named(record, indexName);
      for (IndexRecord index : gone) {
        boolean vector =
            record.schema().field(index.spec().field()).map(f -> f.type().isVector()).orElse(false);
        if (vector && record.loaded()) {
          throw new ElanusException(
              ErrorCode.INVALID_ARGUMENT,
              "vector index cannot be dropped on loaded collection: %s; release it first"
                  .formatted(record.name()));
        }
      }
      fewer.removeAll(gone);
      if (!gone.isEmpty()) {
        change(record, fewer);
      }
    } finally {
      names.lock().unlock();
    }
  }

  @Override
  public void alter(
      Caller caller,
      String collection,
      String indexName,
      Map<String, String> set,
      Set<String> delete) {
    names.lock().lock();
    try {
      CollectionRecord record = names.collection(caller, collection);
      List<IndexRecord> wanted = named(record, indexName);
      if (wanted.isEmpty()) {
        throw notFound(record, indexName);
      }
      List<IndexRecord> changed = new ArrayList<>();
      for (IndexRecord index : record.indexes()) {
        changed.add(wanted.contains(index) ? altered(index, set, delete) : index);
      }
      change(record, changed);
    } finally {
      names.lock().unlock();
    }
  }

  private static IndexRecord altered(
      IndexRecord index, Map<String, String> set, Set<String> delete) {
    IndexSpec spec = index.spec();
    for (String key : set.keySet()) {
      if (!key.equals("mmap.enabled")
          && !key.equals("indexoffsetcache.enabled")
          && !key.startsWith("warmup")) {
        throw new ElanusException(
            ErrorCode.INVALID_ARGUMENT, key + " is not a configable index property");
      }
    }
    Map<String, String> properties = new HashMap<>(spec.properties());
    properties.keySet().removeAll(delete);
    properties.putAll(set);
    return new IndexRecord(
        index.id(),
        new IndexSpec(
            spec.field(), spec.name(), spec.type(), spec.metric(), spec.params(), properties));
  }

  /** By index or field name; all for the empty one. */
  private static List<IndexRecord> named(CollectionRecord record, String name) {
    return record.indexes().stream()
        .filter(
            i -> name.isEmpty() || i.spec().name().equals(name) || i.spec().field().equals(name))
        .toList();
  }

  private static ElanusException notFound(CollectionRecord record, String name) {
    return new ElanusException(
        ErrorCode.INDEX_NOT_FOUND,
        "index not found[collection=%s][indexName=%s]".formatted(record.name(), name));
  }

  @Override
  public List<IndexInfo> describe(Caller caller, String collection, String indexName) {
    CollectionRecord record = names.collection(caller, collection);
    List<IndexRecord> wanted = named(record, indexName);
    if (wanted.isEmpty()) {
      throw notFound(record, indexName);
    }
    Shard shard = names.shards().of(record);
    List<IndexInfo> all = new ArrayList<>();
    for (IndexRecord index : wanted) {
      IndexProgress progress = shard.progress(index.id());
      IndexInfo.State state =
          !progress.failure().isEmpty()
              ? IndexInfo.State.FAILED
              : progress.pendingRows() > 0 ? IndexInfo.State.IN_PROGRESS : IndexInfo.State.FINISHED;
      all.add(
          new IndexInfo(
              index.id(),
              index.spec(),
              state,
              progress.totalRows(),
              progress.indexedRows(),
              progress.pendingRows(),
              progress.layouts(),
              progress.failure()));
    }
    return all;
  }
}
