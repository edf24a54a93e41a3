package io.elanus.index.code;

import io.elanus.index.VectorData;
import io.elanus.kernel.NibbleScan;
import io.elanus.store.format.FileHeader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * Product quantisation (Jégou, Douze and Schmid, PAMI 2011): coordinates in {@code groups} of
 * nearly equal width, each the number of one of 16 or 256 centroids. What is encoded is the
 * direction of a residual; its length is in the {@code factor} of {@link Residuals}, so that
 * estimates have no bias and an error like that of sign codes. 16 centroids are scanned 32 codes at
 * a time; their tables are rounded to bytes for that, and in full when measured.
 *
 * @param spreads per list: a float, see {@link SignCodes}
 * @param adds per position: a float
 * @param factors per position: a float
 * @param books per group: its centroids, one after the other, as floats
 * @param codes with 4 bits, blocks as in {@link NibbleScan}; with 8, {@code groups} bytes per
 *     position
 */
public record ProductCodes(
    MemorySegment spreads,
    MemorySegment adds,
    MemorySegment factors,
    MemorySegment books,
    MemorySegment codes,
    Shape shape)
    implements Codes.Measuring {
  /**
   * How codes are made.
   *
   * @param bits 4 or 8
   * @param euclidean whether for squared distances
   */
  public record Shape(int width, int groups, int bits, boolean euclidean) {
    int centroids() {
      return 1 << bits;
    }

    /** The first coordinate of a group. */
    int from(int group) {
      return (int) ((long) group * width / groups);
    }

    int groupWidth(int group) {
      return from(group + 1) - from(group);
    }

    /** Where the centroids of a group begin, in floats. */
    long book(int group) {
      return (long) centroids() * from(group);
    }

    long codeBytes(int rows, int blocks) {
      return bits == 4 ? blocks * NibbleScan.blockBytes(groups) : (long) groups * rows;
    }

    /** Bytes of the five parts. */
    public long[] bytes(int lists, int rows, int blocks) {
      return new long[] {
        4L * lists, 4L * rows, 4L * rows, 4L * centroids() * width, codeBytes(rows, blocks)
      };
    }
  }

  /** Opens the five parts. */
  public static ProductCodes open(MemorySegment[] parts, int from, Shape shape) {
    return new ProductCodes(
        parts[from], parts[from + 1], parts[from + 2], parts[from + 3], parts[from + 4], shape);
  }

  /** Finds the centroids of a group, and the nearest of them for each of its vectors. */
  public interface Trainer {
    /**
     * @param vectors directions of all positions, in one group's coordinates
     * @param books where to put up to {@code centroids} vectors
     * @return the number of each position
     */
    int[] train(VectorData vectors, int group, int centroids, MemorySegment books);
  }

  /** Encodes rows. */
  public static ProductCodes encode(PlacedRows rows, Shape shape, Trainer trainer, Arena arena) {
    int count = rows.order().length;
    int[] blocks = rows.blocks();
    MemorySegment[] parts =
        CodeRoom.parts(arena, shape.bytes(rows.lists(), count, blocks[rows.lists()]));
    ProductCodes made = open(parts, 0, shape);
    try (Arena scratch = Arena.ofConfined()) {
      // Codes position by position: what 8-bit codes are at last.
      int codeBytes = (shape.groups * shape.bits + 7) / 8;
      MemorySegment plain =
          shape.bits == 8 ? made.codes : scratch.allocate(Math.max(1, (long) codeBytes * count));
      made.number(rows, trainer, plain, codeBytes, scratch);
      made.weigh(rows, plain, codeBytes);
      for (int list = 0; shape.bits == 4 && list < rows.lists(); list++) {
        int start = rows.starts()[list];
        int size = rows.starts()[list + 1] - start;
        NibbleScan.pack(
            plain.asSlice((long) codeBytes * start, (long) codeBytes * size),
            size,
            shape.groups,
            made.codes.asSlice(blocks[list] * NibbleScan.blockBytes(shape.groups)));
      }
    }
    return made;
  }

  private void number(
      PlacedRows rows, Trainer trainer, MemorySegment plain, int codeBytes, Arena scratch) {
    int count = rows.order().length;
    float[] inverses = directions(rows);
    int widest = (shape.width + shape.groups - 1) / shape.groups;
    MemorySegment room = scratch.allocate(Math.max(4, 4L * widest * count), 64);
    for (int group = 0; group < shape.groups; group++) {
      int width = shape.groupWidth(group);
      VectorData vectors = new VectorData(room, count, width);
      fill(rows, inverses, shape.from(group), vectors);
      MemorySegment book = books.asSlice(4 * shape.book(group), 4L * shape.centroids() * width);
      int[] numbers = trainer.train(vectors, group, shape.centroids(), book);
      for (int position = 0; position < count; position++) {
        long at = (long) codeBytes * position + (long) group * shape.bits / 8;
        int shift = shape.bits == 4 ? group % 2 * 4 : 0;
        byte old = plain.get(ValueLayout.JAVA_BYTE, at);
        plain.set(ValueLayout.JAVA_BYTE, at, (byte) (old | numbers[position] << shift));
      }
    }
  }

  /** What brings each residual to the length of a vector of ones. */
  private static float[] directions(PlacedRows rows) {
    Residuals residuals = new Residuals(rows);
    float[] inverses = new float[rows.order().length];
    for (int list = 0; list < rows.lists(); list++) {
      for (int position = rows.starts()[list]; position < rows.starts()[list + 1]; position++) {
        residuals.take(position, list);
        double squared = 0;
        for (float value : residuals.residual) {
          squared += (double) value * value;
        }
        inverses[position] = squared > 0 ? (float) Math.sqrt(rows.width() / squared) : 0;
      }
    }
    return inverses;
  }

  private static void fill(PlacedRows rows, float[] inverses, int from, VectorData into) {
    for (int list = 0; list < rows.lists(); list++) {
      float[] centroid = rows.centroids().vector(list);
      for (int position = rows.starts()[list]; position < rows.starts()[list + 1]; position++) {
        long row = rows.rows().offset(rows.order()[position]);
        for (int d = 0; d < into.dim(); d++) {
          float value = rows.rows().values().get(FileHeader.FLOAT, row + 4L * (from + d));
          float direction = (value - centroid[from + d]) * inverses[position];
          // A residual so short that its inverse overflows has no direction worth a code.
          into.values()
              .set(
                  FileHeader.FLOAT,
                  into.offset(position) + 4L * d,
                  Float.isFinite(direction) ? direction : 0);
        }
      }
    }
  }

  private void weigh(PlacedRows rows, MemorySegment plain, int codeBytes) {
    Residuals residuals = new Residuals(rows);
    float[] allBooks = books.toArray(FileHeader.FLOAT);
    float[] code = new float[shape.width];
    for (int list = 0; list < rows.lists(); list++) {
      double spread = 0;
      for (int position = rows.starts()[list]; position < rows.starts()[list + 1]; position++) {
        residuals.take(position, list);
        for (int group = 0; group < shape.groups; group++) {
          long at = (long) codeBytes * position + (long) group * shape.bits / 8;
          int number = plain.get(ValueLayout.JAVA_BYTE, at) & 0xff;
          number = shape.bits == 4 ? number >> group % 2 * 4 & 15 : number;
          int width = shape.groupWidth(group);
          System.arraycopy(
              allBooks, (int) shape.book(group) + number * width, code, shape.from(group), width);
        }
        Residuals.Facts facts = residuals.facts(code);
        adds.set(FileHeader.FLOAT, 4L * position, facts.add());
        factors.set(FileHeader.FLOAT, 4L * position, facts.factor());
        spread = Math.max(spread, facts.across());
      }
      double across = spread / Math.sqrt(Math.max(1, shape.width - 1));
      spreads.set(FileHeader.FLOAT, 4L * list, (float) across);
    }
  }

  @Override
  public List<MemorySegment> parts() {
    return List.of(spreads, adds, factors, books, codes);
  }

  @Override
  public CodeScan.Measuring scan(float[] query, boolean exact) {
    return new ProductScan(this, query, exact);
  }
}
