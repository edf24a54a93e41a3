package io.elanus.index.code;

import io.elanus.kernel.Kernel;
import io.elanus.kernel.Kernels;
import io.elanus.kernel.NibbleScan;
import io.elanus.store.format.FileHeader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Objects;

/**
 * Product codes for one query: a table of inner products per group. With 16 centroids it is rounded
 * to bytes for estimates, and used in full to measure.
 */
final class ProductScan implements CodeScan.Measuring {
  private final Kernel kernel = Kernels.best();
  private static final float DEVIATIONS = 2f;

  private final ProductCodes all;
  private final ProductCodes.Shape shape;
  private final float[] tables;
  private final byte[] rounded;
  private final float start;
  private final float step;
  private final boolean exact;
  private final int[] sums = new int[CHUNK];
  private final byte[] codesHere;
  private final float[] addsHere = new float[CHUNK];
  private ListPlace place = new ListPlace(0, 0, 0, 0, 0);
  private float slack;

  ProductScan(ProductCodes codes, float[] query, boolean exact) {
    this.all = codes;
    this.shape = codes.shape();
    this.exact = exact;
    this.tables = new float[shape.groups() * shape.centroids()];
    fillTables(query);
    rounded = new byte[shape.bits() == 4 ? tables.length : 0];
    codesHere = new byte[shape.bits() == 4 ? 0 : CHUNK * shape.groups()];
    int k = shape.centroids();
    float widest = 0;
    float lows = 0;
    float[] low = new float[shape.groups()];
    for (int group = 0; group < shape.groups(); group++) {
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

  private void fillTables(float[] query) {
    int k = shape.centroids();
    float[] products = new float[k];
    for (int group = 0; group < shape.groups(); group++) {
      int from = shape.from(group);
      float[] part = Arrays.copyOfRange(query, from, shape.from(group + 1));
      MemorySegment book = all.books().asSlice(4 * shape.book(group), 4L * k * part.length);
      kernel.dots(part, book, 0, k, products);
      for (int c = 0; c < k; c++) {
        tables[group * k + c] = times() * products[c];
      }
    }
  }

  private float times() {
    return shape.euclidean() ? 2 : 1;
  }

  @Override
  public void enter(ListPlace list) {
    place = list;
    float rounding = rounded.length == 0 ? 0 : (float) Math.sqrt(shape.groups() / 12.0) * step;
    slack = 3 * rounding;
    if (exact) {
      float spread = all.spreads().get(FileHeader.FLOAT, 4L * list.list());
      slack += times() * DEVIATIONS * spread * list.distance();
    }
  }

  @Override
  public void estimate(int first, int count, float[] estimates, float[] slacks) {
    MemorySegment.copy(all.adds(), FileHeader.FLOAT, 4L * first, addsHere, 0, count);
    MemorySegment.copy(all.factors(), FileHeader.FLOAT, 4L * first, slacks, 0, count);
    float base = place.base();
    if (shape.bits() == 8) {
      MemorySegment.copy(
          all.codes(),
          ValueLayout.JAVA_BYTE,
          (long) shape.groups() * first,
          codesHere,
          0,
          count * shape.groups());
      for (int i = 0; i < count; i++) {
        estimates[i] = base + addsHere[i] - slacks[i] * look(i * shape.groups());
        slacks[i] *= slack;
      }
      return;
    }
    long block = place.block() + (first - place.start()) / NibbleScan.BLOCK;
    long blockBytes = NibbleScan.blockBytes(shape.groups());
    kernel.nibbles().scan(rounded, all.codes(), block * blockBytes, NibbleScan.blocks(count), sums);
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
    for (; group + 1 < shape.groups(); group += 2) {
      even += tables[group << 8 | codesHere[at + group] & 0xff];
      odd += tables[group + 1 << 8 | codesHere[at + group + 1] & 0xff];
    }
    return group < shape.groups()
        ? even + odd + tables[group << 8 | codesHere[at + group] & 0xff]
        : even + odd;
  }

  @Override
  public void measure(int[] positions, int count, float[] distances) {
    for (int i = 0; i < count; i++) {
      int position = positions[i];
      float sum = 0;
      for (int group = 0; group < shape.groups(); group++) {
        sum += tables[group * shape.centroids() + number(position, group)];
      }
      long at = 4L * position;
      float distance =
          place.base()
              + all.adds().get(FileHeader.FLOAT, at)
              - all.factors().get(FileHeader.FLOAT, at) * sum;
      distances[i] = shape.euclidean() ? Math.max(0, distance) : distance;
    }
  }

  private int number(int position, int group) {
    if (shape.bits() == 8) {
      return all.codes().get(ValueLayout.JAVA_BYTE, (long) shape.groups() * position + group)
          & 0xff;
    }
    int in = position - place.start();
    long block = place.block() + Objects.checkIndex(in, Integer.MAX_VALUE) / NibbleScan.BLOCK;
    int at = in % NibbleScan.BLOCK;
    int pair =
        all.codes()
            .get(
                ValueLayout.JAVA_BYTE,
                block * NibbleScan.blockBytes(shape.groups()) + 16L * group + at % 16);
    return pair >> at / 16 * 4 & 15;
  }
}
