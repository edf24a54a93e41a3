package io.elanus.index.ivf.code;

import io.elanus.index.VectorData;
import io.elanus.kernel.Kernel;
import io.elanus.kernel.Kernels;
import io.elanus.kernel.NibbleScan;
import io.elanus.store.format.FileHeader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

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
  private static final float DEVIATIONS = 2f;

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
    return new Scan(query, exact);
  }

  private final class Scan implements CodeScan.Measuring {
    private final Kernel kernel = Kernels.best();
    private final float[] tables = new float[shape.groups * shape.centroids()];
    private final byte[] rounded;
    private final float start;
    private final float step;
    private final boolean exact;
    private final int[] sums = new int[CHUNK];
    private final byte[] codesHere;
    private final float[] addsHere = new float[CHUNK];
    private ListPlace place = new ListPlace(0, 0, 0, 0, 0);
    private float slack;

    Scan(float[] query, boolean exact) {
      this.exact = exact;
      int k = shape.centroids();
      float[] products = new float[k];
      for (int group = 0; group < shape.groups; group++) {
        int from = shape.from(group);
        float[] part = Arrays.copyOfRange(query, from, shape.from(group + 1));
        MemorySegment book = books.asSlice(4 * shape.book(group), 4L * k * part.length);
        kernel.dots(part, book, 0, k, products);
        for (int c = 0; c < k; c++) {
          tables[group * k + c] = times() * products[c];
        }
      }
      rounded = new byte[shape.bits == 4 ? tables.length : 0];
      codesHere = new byte[shape.bits == 4 ? 0 : CHUNK * shape.groups];
      float widest = 0;
      float lows = 0;
      float[] low = new float[shape.groups];
      for (int group = 0; group < shape.groups; group++) {
        float least = Float.POSITIVE_INFINITY;
        float most = Float.NEGATIVE_INFINITY;
        for (int c = 0; c < k; c++) {
          least = Math.min(least, tables[group * k + c]);
          most = Math.max(most, tables[group * k + c]);
        }
        low[group] = least;
        lows += least;
        widest = Math.max(widest, most - least);
      }
      step = widest / 255;
      start = lows;
      float inverse = widest > 0 ? 255 / widest : 0;
      for (int i = 0; i < rounded.length; i++) {
        rounded[i] = (byte) (int) Math.min(255, (tables[i] - low[i / k]) * inverse + 0.5f);
      }
    }

    private float times() {
      return shape.euclidean ? 2 : 1;
    }

    @Override
    public void enter(ListPlace list) {
      place = list;
      float rounding = rounded.length == 0 ? 0 : (float) Math.sqrt(shape.groups / 12.0) * step;
      slack = 3 * rounding;
      if (exact) {
        float spread = spreads.get(FileHeader.FLOAT, 4L * list.list());
        slack += times() * DEVIATIONS * spread * list.distance();
      }
    }

    @Override
    public void estimate(int first, int count, float[] estimates, float[] slacks) {
      MemorySegment.copy(adds, FileHeader.FLOAT, 4L * first, addsHere, 0, count);
      MemorySegment.copy(factors, FileHeader.FLOAT, 4L * first, slacks, 0, count);
      float base = place.base();
      if (shape.bits == 8) {
        MemorySegment.copy(
            codes,
            ValueLayout.JAVA_BYTE,
            (long) shape.groups * first,
            codesHere,
            0,
            count * shape.groups);
        for (int i = 0; i < count; i++) {
          estimates[i] = base + addsHere[i] - slacks[i] * look(i * shape.groups);
          slacks[i] *= slack;
        }
        return;
      }
      long block = place.block() + (first - place.start()) / NibbleScan.BLOCK;
      long blockBytes = NibbleScan.blockBytes(shape.groups);
      kernel.nibbles().scan(rounded, codes, block * blockBytes, NibbleScan.blocks(count), sums);
      for (int i = 0; i < count; i++) {
        float factor = slacks[i];
        estimates[i] = base + addsHere[i] - factor * (start + step * sums[i]);
        slacks[i] = factor * slack;
      }
    }

    private float look(int at) {
      float even = 0;
      float odd = 0;
      int group = 0;
      for (; group + 1 < shape.groups; group += 2) {
        even += tables[group << 8 | codesHere[at + group] & 0xff];
        odd += tables[group + 1 << 8 | codesHere[at + group + 1] & 0xff];
      }
      return group < shape.groups
          ? even + odd + tables[group << 8 | codesHere[at + group] & 0xff]
          : even + odd;
    }

    @Override
    public void measure(int[] positions, int count, float[] distances) {
      for (int i = 0; i < count; i++) {
        int position = positions[i];
        float sum = 0;
        for (int group = 0; group < shape.groups; group++) {
          sum += tables[group * shape.centroids() + number(position, group)];
        }
        long at = 4L * position;
        float distance =
            place.base() + adds.get(FileHeader.FLOAT, at) - factors.get(FileHeader.FLOAT, at) * sum;
        distances[i] = shape.euclidean ? Math.max(0, distance) : distance;
      }
    }

    private int number(int position, int group) {
      if (shape.bits == 8) {
        return codes.get(ValueLayout.JAVA_BYTE, (long) shape.groups * position + group) & 0xff;
      }
      int in = position - place.start();
      long block = place.block() + Objects.checkIndex(in, Integer.MAX_VALUE) / NibbleScan.BLOCK;
      int at = in % NibbleScan.BLOCK;
      int pair =
          codes.get(
              ValueLayout.JAVA_BYTE,
              block * NibbleScan.blockBytes(shape.groups) + 16L * group + at % 16);
      return pair >> at / 16 * 4 & 15;
    }
  }
}
