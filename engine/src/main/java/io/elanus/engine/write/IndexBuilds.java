package io.elanus.engine.write;

import io.elanus.engine.segment.ColumnView;
import io.elanus.engine.segment.Proof;
import io.elanus.engine.segment.SealedSegment;
import io.elanus.engine.segment.SealedSegment.OpenIndex;
import io.elanus.engine.segment.SegmentFacts;
import io.elanus.engine.segment.SegmentFacts.IndexFile;
import io.elanus.index.BuildMonitor;
import io.elanus.index.VectorData;
import io.elanus.index.VectorIndexFormat;
import io.elanus.index.VectorIndexes;
import io.elanus.index.scalar.ScalarIndexes;
import io.elanus.index.scalar.ScalarValues;
import io.elanus.index.text.Analyzers;
import io.elanus.index.text.TextAnalyzer;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.rows.Column;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.Metric;
import io.elanus.model.schema.Schema;
import io.elanus.store.format.Crc;
import io.elanus.store.format.FileHeader;
import io.elanus.store.object.ObjectStore;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Builds, opens and removes the index files of sealed segments, as the targets ask. */
final class IndexBuilds {
  private static final Logger LOG = LoggerFactory.getLogger(IndexBuilds.class);

  /** Rows after which a build of words looks whether it shall stop. */
  private static final int WORDS_ROWS = 1024;

  /** The end of an index file: its length and the checksum of all before. */
  private static final long MARKED_BYTES = 16;

  private final WriteSetup setup;
  private final Runnable refuseStopping;
  private final Map<Long, String> failures = new ConcurrentHashMap<>();

  /** Those of the failures that may pass. */
  private final Set<Long> lacking = ConcurrentHashMap.newKeySet();

  private volatile List<IndexTarget> targets = List.of();
  private volatile long buildingIndex = -1;

  IndexBuilds(WriteSetup setup, Runnable refuseStopping) {
    this.setup = setup;
    this.refuseStopping = refuseStopping;
  }

  void targets(List<IndexTarget> wanted) {
    targets = List.copyOf(wanted);
    failures.clear();
    lacking.clear();
  }

  /**
   * The next change the segment needs: an index built, or one that is damaged or no longer wanted
   * let go. Builds the file; the caller publishes. Null for none.
   */
  @Nullable UnaryOperator<SealedSegment> next(SealedSegment segment) {
    for (IndexFile file : segment.facts().indexes()) {
      OpenIndex index = segment.index(file.slot());
      boolean damaged = index != null && index.proof().damage() != null;
      if (damaged || targets.stream().noneMatch(t -> t.indexId() == file.indexId())) {
        return current -> without(current, file);
      }
    }
    for (IndexTarget target : targets) {
      if (needs(segment, target)) {
        try {
          IndexFile file = build(segment, target);
          return current -> with(current, file, target.field());
        } catch (ElanusException e) {
          if (e.code() == ErrorCode.CANCELED) {
            throw e;
          }
          fail(target, e);
        } catch (RuntimeException | OutOfMemoryError | LinkageError e) {
          // Memory off the heap is refused by an error; the rows are served without the index.
          fail(target, e);
        }
      }
    }
    return null;
  }

  /**
   * Makes the codes by which rows are searched until their index is built: whoever finds the
   * segment finds them. Without them searches make them, one after the other.
   */
  void prepare(SealedSegment segment) {
    for (IndexTarget target : targets) {
      Metric metric = target.spec().metric();
      boolean exact = target.spec().type().equals("FLAT");
      if (target.field().type().isVector() && metric != null && !exact && needs(segment, target)) {
        try {
          segment.prepareChunks(target.field(), metric);
        } catch (RuntimeException | OutOfMemoryError e) {
          LOG.warn("rows of segment {} are searched without codes", segment.id(), e);
        }
      }
    }
  }

  /** Lets builds that lacked memory or disk be tried again; answers whether there are some. */
  boolean retry() {
    boolean any = !lacking.isEmpty();
    failures.keySet().removeAll(lacking);
    lacking.clear();
    return any;
  }

  private void fail(IndexTarget target, Throwable e) {
    if (e instanceof ElanusException known && known.code().kind() == ErrorCode.Kind.RESOURCE) {
      lacking.add(target.indexId());
    }
    LOG.error("index {} could not be built", target.spec().name(), e);
    failures.put(target.indexId(), String.valueOf(e.getMessage()));
  }

  private boolean needs(SealedSegment segment, IndexTarget target) {
    return segment.rowCount() >= setup.config().indexRowsMin()
        && !failures.containsKey(target.indexId())
        && !has(segment, target.indexId());
  }

  /** Whether some index of it is still to be built. */
  boolean awaited(SealedSegment segment) {
    return targets.stream().anyMatch(target -> needs(segment, target));
  }

  private static boolean has(SealedSegment segment, long indexId) {
    return segment.facts().indexes().stream().anyMatch(f -> f.indexId() == indexId);
  }

  private IndexFile build(SealedSegment segment, IndexTarget target) {
    long id = target.indexId();
    String name = id > 0 ? "index-" + id : "index-words-" + -id;
    String key = setup.prefix() + "segment/" + segment.id() + "/" + name + ".bin";
    Field field = target.field();
    Metric metric = target.spec().metric();
    buildingIndex = target.indexId();
    try (ObjectStore.Writer out = setup.objects().create(key)) {
      if (field.type().isVector()) {
        VectorIndexes.format(target.spec().type())
            .build(
                vectors(segment, field),
                Objects.requireNonNull(metric),
                target.spec().params(),
                setup.seed() + segment.id(),
                monitor(),
                out);
      } else if (IndexTarget.isWords(target.spec().type())) {
        ScalarIndexes.build("INVERTED", words(field, segment), out);
      } else {
        ScalarIndexes.build(
            target.spec().type(), values(segment.column(field), segment.rowCount()), out);
      }
      out.commit();
    } finally {
      buildingIndex = -1;
    }
    return new IndexFile(
        target.indexId(),
        field.id(),
        target.spec().type(),
        metric == null ? "" : metric.name(),
        key,
        mark(key));
  }

  private int mark(String key) {
    try (Arena arena = Arena.ofConfined()) {
      return mark(setup.objects().map(key, arena));
    }
  }

  private static int mark(MemorySegment file) {
    return Crc.of(file.asSlice(Math.max(0, file.byteSize() - MARKED_BYTES)));
  }

  private BuildMonitor monitor() {
    return new BuildMonitor() {
      @Override
      public void progress(int rows) {
        refuseStopping.run();
      }

      @Override
      public Arena arena() {
        return setup.limits().memory().arena("index builds");
      }

      @Override
      public long memoryBytes() {
        return setup.limits().memory().leftBytes();
      }

      @Override
      public Helpers helpers() {
        return new Helpers(setup.background(), setup.config().buildHelpersMax());
      }
    };
  }

  private static VectorData vectors(SealedSegment segment, Field field) {
    return segment.vectors(field).getFirst();
  }

  /** A row is under each word of its text. */
  private ScalarValues words(Field field, SealedSegment segment) {
    TextAnalyzer analyzer = Analyzers.of(field.analyzerParams());
    ColumnView column = segment.column(field);
    return new ScalarValues() {
      @Override
      public int rowCount() {
        return segment.rowCount();
      }

      @Override
      public List<?> values(int row) {
        if (row % WORDS_ROWS == 0) {
          refuseStopping.run();
        }
        return column.isNull(row)
            ? List.of()
            : analyzer.words(column.stringAt(row)).stream().distinct().toList();
      }
    };
  }

  private static ScalarValues values(ColumnView column, int rows) {
    return new ScalarValues() {
      @Override
      public int rowCount() {
        return rows;
      }

      @Override
      public List<?> values(int row) {
        if (column.isNull(row)) {
          return List.of();
        }
        return switch (column.type()) {
          case BOOL -> List.of(column.longAt(row) != 0);
          case FLOAT, DOUBLE -> List.of(column.doubleAt(row));
          case VARCHAR -> List.of(column.stringAt(row));
          case ARRAY -> elements(column.arrayAt(row));
          default -> List.of(column.longAt(row));
        };
      }
    };
  }

  private static List<?> elements(Column array) {
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      Object value = Objects.requireNonNull(array.get(i));
      values.add(value instanceof Float f ? (Object) f.doubleValue() : value);
    }
    return values;
  }

  private SealedSegment with(SealedSegment segment, IndexFile file, Field field) {
    List<IndexFile> files = new ArrayList<>(segment.facts().indexes());
    files.add(file);
    SegmentFacts facts = segment.facts().withIndexes(files);
    SealedSegment opened = open(segment.withFacts(facts), file, field);
    Objects.requireNonNull(opened.index(file.slot())).proof().given();
    return opened;
  }

  private static SealedSegment without(SealedSegment segment, IndexFile file) {
    List<IndexFile> files = new ArrayList<>(segment.facts().indexes());
    files.remove(file);
    return segment.withFacts(segment.facts().withIndexes(files)).withoutIndex(file.slot());
  }

  /**
   * Maps every index file that the segment's facts name. An index is a cache of the rows: one that
   * does not open is forgotten, and built again.
   */
  SealedSegment open(SealedSegment segment, Schema schema) {
    SealedSegment opened = segment;
    for (IndexFile file : segment.facts().indexes()) {
      for (Field field : schema.storedFields()) {
        if (field.id() == file.fieldId()) {
          opened = openOrForget(opened, file, field);
        }
      }
    }
    return opened;
  }

  private SealedSegment openOrForget(SealedSegment segment, IndexFile file, Field field) {
    try {
      return open(segment, file, field);
    } catch (RuntimeException e) {
      LOG.warn("an index of segment {} is unusable and will be built again", segment.id(), e);
      return without(segment, file);
    }
  }

  private SealedSegment open(SealedSegment segment, IndexFile file, Field field) {
    MemorySegment mapped = setup.objects().map(file.key(), segment.lifetime().arena());
    if (file.mark() != 0 && file.mark() != mark(mapped)) {
      throw FileHeader.corrupt("%s is not the file that the manifest names".formatted(file.key()));
    }
    String what = "the bytes of %s".formatted(file.key());
    OpenIndex index;
    if (field.type().isVector()) {
      VectorIndexFormat format = VectorIndexes.format(file.type());
      var vector = format.open(mapped, segment.vectorsUnread(field), Metric.valueOf(file.metric()));
      Proof proof = new Proof(what, mapped.byteSize(), () -> format.verify(mapped));
      index = new OpenIndex(file.indexId(), vector, null, mapped, proof);
    } else {
      var scalar = ScalarIndexes.open(mapped, segment.rowCount());
      // Read against its checksum by opening it.
      Proof proof = new Proof(what, 0, () -> {});
      index = new OpenIndex(file.indexId(), null, scalar, mapped, proof);
    }
    return segment.withIndex(file.slot(), index);
  }

  /**
   * Rows count as indexed once their segment has the index, not while it is built: who is told that
   * none is pending may rely on it, whatever becomes of the build that runs.
   */
  IndexProgress progress(long indexId, List<SealedSegment> sealed, long unsealedRows) {
    long total = unsealedRows;
    long indexed = 0;
    long pending = 0;
    Map<String, Long> layouts = new TreeMap<>();
    for (SealedSegment segment : sealed) {
      long live = (long) segment.rowCount() - segment.deletions().count();
      total += live;
      boolean done = segment.rowCount() < setup.config().indexRowsMin() || has(segment, indexId);
      if (done) {
        indexed += live;
      } else {
        pending += live;
      }
      for (IndexFile file : segment.facts().indexes()) {
        OpenIndex open = file.indexId() == indexId ? segment.index(file.slot()) : null;
        if (open != null && open.vector() != null) {
          layouts.merge(open.vector().layout(), live, Long::sum);
        }
      }
    }
    String failure = failures.getOrDefault(indexId, "");
    boolean building = buildingIndex == indexId;
    return new IndexProgress(total, indexed, pending, building, layouts, failure);
  }
}
