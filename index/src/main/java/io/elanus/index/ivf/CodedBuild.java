package io.elanus.index.ivf;

import io.elanus.index.BuildMonitor;
import io.elanus.index.VectorData;
import io.elanus.index.cluster.Assignment;
import io.elanus.index.cluster.KMeans;
import io.elanus.index.code.ByteCodes;
import io.elanus.index.code.CodeSpace;
import io.elanus.index.code.Codes;
import io.elanus.index.code.PlacedRows;
import io.elanus.index.code.ProductCodes;
import io.elanus.index.code.SignCodes;
import io.elanus.index.recall.Draft;
import io.elanus.index.recall.RecallCurve;
import io.elanus.index.recall.RecallMeasure;
import io.elanus.model.schema.Metric;
import io.elanus.store.format.FileHeader;
import io.elanus.store.object.ObjectStore;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Builds lists of codes: rows are placed in the space, divided, encoded. Holds a rotated copy of
 * the vectors and the file's parts meanwhile.
 */
record CodedBuild(VectorData vectors, CodeSpace space, long seed, BuildMonitor monitor) {
  private static final int REPORT_EVERY = 1024;

  static void run(
      CodedFile.Kind kind,
      VectorData vectors,
      Metric metric,
      int nlist,
      CodedFile.Shape shape,
      long seed,
      BuildMonitor monitor,
      ObjectStore.Writer out) {
    int exponent = CodeSpace.exponent(metric, vectors);
    CodeSpace space = CodeSpace.of(metric, vectors.dim(), exponent, seed);
    CodedBuild build = new CodedBuild(vectors, space, seed, monitor);
    try (Arena arena = monitor.arena()) {
      CodedFile.Made made = build.make(kind, nlist, shape, arena);
      Draft draft = new Draft(arena, CodedFile.bytes(made));
      CodedFile.write(kind, made, null, draft);
      CodedFile file =
          CodedFile.open(kind, draft.written(), metric, vectors.count(), vectors.dim());
      CodedIndex index = new CodedIndex(file, vectors, metric);
      RecallCurve curve =
          RecallMeasure.curve(index, vectors, metric, IvfParameters.PLAN, seed, monitor);
      CodedFile.write(kind, made, curve, out);
    }
  }

  private CodedFile.Made make(CodedFile.Kind kind, int nlist, CodedFile.Shape shape, Arena arena) {
    VectorData placed = place(arena);
    float[] center = space.center(placed);
    subtract(placed, center);
    // Assigning is half of the way, encoding the other.
    Partition partition =
        Partition.of(
            placed,
            RecallMeasure.asked(vectors.count(), IvfParameters.PLAN, seed),
            nlist,
            seed,
            arena,
            monitor,
            done -> monitor.progress(done / 2));
    PlacedRows rows =
        new PlacedRows(
            placed,
            partition.centroids(),
            partition.starts(),
            partition.order(),
            space.euclidean());
    int half = vectors.count() / 2;
    Codes scanned =
        switch (kind) {
          case IVF_SQ8 -> ByteCodes.encode(rows, arena, done -> monitor.progress(half + done / 2));
          case IVF_RABITQ ->
              SignCodes.encode(rows, arena, done -> monitor.progress(half + done / 4));
          case IVF_PQ, SCANN ->
              ProductCodes.encode(rows, shape.products(space), trainer(shape), arena);
        };
    Codes.Measuring refining = shape.refining(scanned);
    if (kind == CodedFile.Kind.IVF_RABITQ && !shape.exact()) {
      refining =
          ByteCodes.encode(rows, arena, done -> monitor.progress(half + half / 2 + done / 4));
    }
    monitor.progress(vectors.count());
    return new CodedFile.Made(space, seed, center, partition, shape, scanned, refining);
  }

  private ProductCodes.Trainer trainer(CodedFile.Shape shape) {
    return (directions, group, centroids, book) -> {
      int rows = directions.count();
      int done = (int) ((long) rows * (shape.groups() + group) / (2L * shape.groups()));
      BuildMonitor at = any -> monitor.progress(done);
      try (Arena scratch = monitor.arena()) {
        VectorData means =
            KMeans.train(directions, Math.min(centroids, rows), seed + group, scratch, at);
        MemorySegment.copy(means.values(), 0, book, 0, means.offset(means.count()));
        return Assignment.nearest(directions, null, means, at::progress);
      }
    };
  }

  private VectorData place(Arena arena) {
    int width = space.width();
    MemorySegment values = arena.allocate(Math.max(4, 4L * width * vectors.count()), 64);
    VectorData placed = new VectorData(values, vectors.count(), width);
    for (int row = 0; row < vectors.count(); row++) {
      float[] vector = space.row(vectors.vector(row));
      MemorySegment.copy(vector, 0, values, FileHeader.FLOAT, placed.offset(row), width);
      if (row % REPORT_EVERY == 0) {
        monitor.progress(0);
      }
    }
    return placed;
  }

  private static void subtract(VectorData placed, float[] center) {
    for (int row = 0; row < placed.count(); row++) {
      float[] vector = placed.vector(row);
      for (int d = 0; d < vector.length; d++) {
        vector[d] -= center[d];
      }
      MemorySegment.copy(
          vector, 0, placed.values(), FileHeader.FLOAT, placed.offset(row), vector.length);
    }
  }
}
