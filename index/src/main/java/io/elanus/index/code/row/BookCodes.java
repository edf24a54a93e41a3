package io.elanus.index.code.row;

import io.elanus.index.BuildMonitor;
import io.elanus.index.Crew;
import io.elanus.index.VectorData;
import io.elanus.index.cluster.Assignment;
import io.elanus.index.cluster.KMeans;
import io.elanus.index.code.CodeRoom;
import io.elanus.index.code.CodeSpace;
import io.elanus.kernel.Kernels;
import io.elanus.kernel.code.CodeLayout;
import io.elanus.kernel.code.CodeQuery;
import io.elanus.kernel.code.CodeRows;
import io.elanus.store.format.FileHeader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Product codes (Jégou, Douze and Schmid, PAMI 2011), and in several stages residual ones: each
 * stage encodes what those before it left of a group (Chen, Guan and Wang, "Approximate nearest
 * neighbor search by residual vector quantization", Sensors 2010). What is encoded is the direction
 * of a row; its length is in the factor of {@link CodeFacts}. A number of any bits takes a byte.
 *
 * @param books per stage and group: 256 centroids, one after the other, as floats; those that the
 *     bits do not reach are zero
 * @param codes rows as {@link CodeLayout} says, a table for each stage and group, stage by stage
 */
public record BookCodes(MemorySegment books, MemorySegment codes, Shape shape) implements RowCodes {
  private static final CodeRows KERNEL = CodeRows.best();
  private static final int CENTROIDS = 256;
  private static final int PIECE = 256;

  /**
   * How codes are made.
   *
   * @param groups of coordinates, of nearly equal width, at most {@code width}
   * @param stages 1 for plain product codes
   * @param bits 1 to 8 for each number
   */
  public record Shape(int width, int groups, int stages, int bits, boolean euclidean) {
    CodeLayout layout() {
      return CodeLayout.book(groups * stages);
    }

    /** Bytes of the two parts. */
    long[] bytes(int rows) {
      return new long[] {
        4L * CENTROIDS * width * stages, (long) layout().rowBytes() * rows,
      };
    }

    private int from(int group) {
      return (int) ((long) group * width / groups);
    }

    private int groupWidth(int group) {
      return from(group + 1) - from(group);
    }

    /** Where the centroids of a table begin, in bytes. */
    private long book(int stage, int group) {
      return 4L * CENTROIDS * ((long) stage * width + from(group));
    }
  }

  /** Finds centroids and encodes all rows; holds a copy of them meanwhile. */
  static BookCodes encode(
      PlacedVectors rows,
      Shape shape,
      long seed,
      Arena arena,
      BuildMonitor monitor,
      IntConsumer progress) {
    MemorySegment[] parts = CodeRoom.parts(arena, shape.bytes(rows.count()));
    BookCodes made = new BookCodes(parts[0], parts[1], shape);
    try (Arena scratch = monitor.arena()) {
      VectorData placed = rows.copy(scratch, monitor);
      float[] inverses = inverses(placed);
      int widest = (shape.width + shape.groups - 1) / shape.groups;
      MemorySegment room = scratch.allocate(Math.max(4, 4L * widest * rows.count()), 64);
      for (int group = 0; group < shape.groups; group++) {
        VectorData left = new VectorData(room, rows.count(), shape.groupWidth(group));
        directions(placed, inverses, shape.from(group), left);
        for (int stage = 0; stage < shape.stages; stage++) {
          made.number(left, stage, group, seed, monitor);
        }
        progress.accept((int) ((long) rows.count() * (group + 1) / (shape.groups + 1)));
      }
      Crew.run(
          rows.count(),
          PIECE,
          monitor.helpers(),
          () -> made.weigher(placed),
          done -> {
            monitor.progress(0);
          });
    }
    return made;
  }

  /** What brings each row to the length of a vector of ones. */
  private static float[] inverses(VectorData placed) {
    float[] inverses = new float[placed.count()];
    for (int row = 0; row < inverses.length; row++) {
      double squared = 0;
      for (float value : placed.vector(row)) {
        squared += (double) value * value;
      }
      float inverse = squared > 0 ? (float) Math.sqrt(placed.dim() / squared) : 0;
      // A row so short that its inverse overflows has no direction worth a code.
      inverses[row] = Float.isFinite(inverse) ? inverse : 0;
    }
    return inverses;
  }

  private static void directions(VectorData placed, float[] inverses, int from, VectorData into) {
    float[] row = new float[placed.dim()];
    for (int i = 0; i < placed.count(); i++) {
      placed.copy(i, row);
      for (int d = 0; d < into.dim(); d++) {
        float value = row[from + d] * inverses[i];
        into.values().set(FileHeader.FLOAT, into.offset(i) + 4L * d, value);
      }
    }
  }

  /** Trains a table, gives every row its number, and takes from the rows what that says. */
  private void number(VectorData left, int stage, int group, long seed, BuildMonitor monitor) {
    int count = left.count();
    int width = left.dim();
    if (count == 0) {
      return;
    }
    int table = stage * shape.groups + group;
    float[][] book;
    int[] numbers;
    try (Arena scratch = monitor.arena()) {
      VectorData means =
          KMeans.train(left, Math.min(1 << shape.bits, count), seed + table, scratch, monitor);
      numbers = Assignment.nearest(left, null, means, done -> monitor.progress(0));
      MemorySegment.copy(
          means.values(), 0, books, shape.book(stage, group), means.offset(means.count()));
      book = new float[means.count()][];
      Arrays.setAll(book, means::vector);
    }
    CodeLayout layout = shape.layout();
    long stride = layout.rowBytes();
    float[] rest = new float[width];
    for (int row = 0; row < count; row++) {
      codes.set(
          java.lang.foreign.ValueLayout.JAVA_BYTE,
          stride * row + CodeLayout.FACTS + table,
          (byte) numbers[row]);
      if (stage + 1 < shape.stages) {
        left.copy(row, rest);
        for (int d = 0; d < width; d++) {
          left.values()
              .set(FileHeader.FLOAT, left.offset(row) + 4L * d, rest[d] - book[numbers[row]][d]);
        }
      }
    }
  }

  private Crew.Worker weigher(VectorData placed) {
    float[] all = books.toArray(FileHeader.FLOAT);
    byte[] code = new byte[shape.groups * shape.stages];
    float[] row = new float[shape.width];
    float[] worth = new float[shape.width];
    CodeLayout layout = shape.layout();
    return (from, to) -> {
      for (int i = from; i < to; i++) {
        placed.copy(i, row);
        layout.get(codes, i, code);
        decode(all, code, worth);
        CodeFacts facts = CodeFacts.of(row, worth, shape.euclidean);
        layout.putFacts(codes, i, facts.add(), facts.factor());
      }
    };
  }

  private void decode(float[] allBooks, byte[] code, float[] worth) {
    Arrays.fill(worth, 0);
    for (int stage = 0; stage < shape.stages; stage++) {
      for (int group = 0; group < shape.groups; group++) {
        int number = code[stage * shape.groups + group] & 0xff;
        int width = shape.groupWidth(group);
        int at = (int) (shape.book(stage, group) / 4) + number * width;
        for (int d = 0; d < width; d++) {
          worth[shape.from(group) + d] += allBooks[at + d];
        }
      }
    }
  }

  @Override
  public List<MemorySegment> parts() {
    return List.of(books, codes);
  }

  @Override
  public RowCodes.Scan scan(CodeSpace.Query query) {
    return new Scan(query.vector());
  }

  private CodeQuery query(float[] vector) {
    float[] tables = new float[shape.groups * shape.stages * CENTROIDS];
    float[] products = new float[CENTROIDS];
    float times = CodeFacts.times(shape.euclidean);
    for (int group = 0; group < shape.groups; group++) {
      float[] part = Arrays.copyOfRange(vector, shape.from(group), shape.from(group + 1));
      for (int stage = 0; stage < shape.stages; stage++) {
        MemorySegment book = books.asSlice(shape.book(stage, group), 4L * CENTROIDS * part.length);
        Kernels.best().dots(part, book, 0, CENTROIDS, products);
        int table = stage * shape.groups + group;
        for (int c = 0; c < CENTROIDS; c++) {
          tables[table * CENTROIDS + c] = times * products[c];
        }
      }
    }
    return CodeQuery.book(shape.layout(), tables, CodeFacts.base(vector, shape.euclidean));
  }

  private final class Scan implements RowCodes.Scan {
    private final CodeQuery query;
    private final int[] oneRow = new int[1];
    private final float[] one = new float[1];

    Scan(float[] vector) {
      this.query = query(vector);
    }

    @Override
    public float to(int row) {
      oneRow[0] = row;
      to(oneRow, 1, one);
      return one[0];
    }

    @Override
    public void to(int[] rows, int count, float[] out) {
      KERNEL.distances(query, codes, rows, count, out);
    }
  }
}
