package io.elanus.index.disk;

import io.elanus.index.IndexFile;
import io.elanus.index.Twins;
import io.elanus.index.VectorData;
import io.elanus.index.code.CodeSpace;
import io.elanus.index.code.row.PlacedVectors;
import io.elanus.index.code.row.RowCodeKind;
import io.elanus.index.code.row.RowCodes;
import io.elanus.index.hnsw.Graph;
import io.elanus.model.schema.Metric;
import io.elanus.store.format.FileHeader;
import io.elanus.store.object.ObjectStore;
import java.lang.foreign.MemorySegment;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A DISKANN index as a file, little-endian. What every search reads comes first, and is small.
 *
 * <pre>
 * header   ELADISK1; own fields of 4 bytes: metric, rows, dim, most neighbours, kind of the codes,
 *          exponent of the space, seed of the rotation, hubs, rows that are another's twin
 * center   width floats, which rows have lost in the space ({@link CodeSpace})
 * hubs     rows that searches begin at
 * twins    per row: the next row with the same vector, −1 for none; absent where there is none
 * codes    of {@link RowCodes}
 * gap      zeros, so that what follows begins at a multiple of 4096
 * pages    see {@link NodeLayout}; a row that is another's twin has no neighbours
 * end      see {@link IndexFile}
 * </pre>
 *
 * @param pages of the mapped file
 */
record DiskFile(
    CodeSpace space,
    float[] center,
    int[] hubs,
    @Nullable MemorySegment twins,
    RowCodes codes,
    NodeLayout layout,
    MemorySegment pages,
    int rows,
    long sizeBytes) {
  static final String WHAT = "a DISKANN index";
  private static final String MAGIC = "ELADISK1";
  private static final int VERSION = 1;
  private static final int OWN = FileHeader.OWN_OFFSET;

  /** What a build made. */
  record Made(
      Graph graph,
      Twins twins,
      int[] hubs,
      PlacedVectors rows,
      int seed,
      RowCodeKind kind,
      RowCodes codes,
      NodeLayout layout) {}

  static void write(Made made, VectorData vectors, Metric metric, ObjectStore.Writer out) {
    int rows = vectors.count();
    MemorySegment header = MemorySegment.ofArray(new byte[FileHeader.BYTES]);
    int[] own = {
      metric.ordinal(),
      rows,
      vectors.dim(),
      made.layout.degree(),
      made.kind.cell().ordinal(),
      made.rows.space().exponent(),
      made.seed,
      made.hubs.length,
      made.twins.count()
    };
    MemorySegment.copy(own, 0, header, FileHeader.INT, OWN, own.length);
    FileHeader.seal(header, MAGIC, VERSION);
    IndexFile file = IndexFile.start(header, out);
    file.part(MemorySegment.ofArray(made.rows.center()));
    file.part(MemorySegment.ofArray(made.hubs));
    if (made.twins.count() > 0) {
      file.part(MemorySegment.ofArray(made.twins.next()));
    }
    made.codes.parts().forEach(file::part);
    long[] before =
        before(made.rows.space(), made.kind, rows, made.hubs.length, made.twins.count());
    file.part(MemorySegment.ofArray(new byte[gap(before)]));
    writePages(made, vectors, file);
    file.finish();
  }

  private static void writePages(Made made, VectorData vectors, IndexFile file) {
    NodeLayout layout = made.layout;
    int[] neighbors = new int[Math.max(layout.degree(), made.graph.degreeMax())];
    MemorySegment page = MemorySegment.ofArray(new byte[layout.readBytes()]);
    int shared = Math.max(1, layout.nodesPerPage());
    for (int first = 0; first < vectors.count(); first += shared) {
      page.fill((byte) 0);
      for (int row = first; row < Math.min(first + shared, vectors.count()); row++) {
        int count = made.graph.neighbors(row, 0, neighbors);
        layout.put(vectors, row, neighbors, count, page, (long) (row - first) * layout.nodeBytes());
      }
      file.append(page);
    }
    file.endPart();
  }

  /** Bytes of the parts before the gap. */
  private static long[] before(CodeSpace space, RowCodeKind kind, int rows, int hubs, int twins) {
    return Stream.of(
            new long[] {4L * space.width(), 4L * hubs, twins > 0 ? 4L * rows : 0},
            kind.bytes(space, rows))
        .flatMapToLong(LongStream::of)
        .toArray();
  }

  private static int gap(long[] before) {
    long at = FileHeader.BYTES;
    for (long bytes : before) {
      at += bytes + 63 & -64;
    }
    return (int) (-at & NodeLayout.PAGE - 1);
  }

  static DiskFile open(MemorySegment file, VectorData vectors, Metric metric) {
    FileHeader.check(file, MAGIC, VERSION, WHAT);
    int rows = vectors.count();
    int dim = vectors.dim();
    if (file.get(FileHeader.INT, OWN) != metric.ordinal()
        || file.get(FileHeader.INT, OWN + 4) != rows
        || file.get(FileHeader.INT, OWN + 8) != dim) {
      throw FileHeader.corrupt(WHAT + " does not belong to its segment");
    }
    int cell = file.get(FileHeader.INT, OWN + 16);
    if (cell < 0 || cell > RowCodeKind.Cell.SQ8.ordinal()) {
      throw FileHeader.corrupt(WHAT + " has codes of an unknown kind");
    }
    RowCodeKind kind = RowCodeKind.of(RowCodeKind.Cell.values()[cell]);
    CodeSpace space =
        CodeSpace.of(
            metric, dim, file.get(FileHeader.INT, OWN + 20), file.get(FileHeader.INT, OWN + 24));
    int degree = file.get(FileHeader.INT, OWN + 12);
    int hubCount = file.get(FileHeader.INT, OWN + 28);
    // No node has more neighbours than fit the file, and its room is measured in ints.
    if (degree < 0 || 4L * degree > file.byteSize() || hubCount < 0 || hubCount > rows) {
      throw FileHeader.corrupt(WHAT + " has a header of impossible numbers");
    }
    NodeLayout layout = new NodeLayout(dim, vectors.type(), degree);
    int twins = file.get(FileHeader.INT, OWN + 32);
    long[] before = before(space, kind, rows, hubCount, twins);
    long[] last = {gap(before), layout.pageBytes(rows)};
    MemorySegment[] parts =
        IndexFile.parts(
            file, WHAT, LongStream.concat(LongStream.of(before), LongStream.of(last)).toArray());
    int[] hubs = parts[1].toArray(FileHeader.INT);
    for (int hub : hubs) {
      if (hub < 0 || hub >= rows) {
        throw FileHeader.corrupt(WHAT + " points outside its segment");
      }
    }
    return new DiskFile(
        space,
        parts[0].toArray(FileHeader.FLOAT),
        hubs,
        twins > 0 ? parts[2] : null,
        kind.open(parts, 3, space),
        layout,
        parts[parts.length - 1],
        rows,
        file.byteSize());
  }

  /** The next row with the same vector, −1 for none. */
  int nextTwin(int row) {
    MemorySegment chain = twins;
    if (chain == null) {
      return -1;
    }
    int next = chain.get(FileHeader.INT, 4L * row);
    if (next >= 0 && next <= row || next >= rows) {
      // A chain that turns back would never end.
      throw FileHeader.corrupt(WHAT + " is damaged");
    }
    return next;
  }
}
