package io.elanus.engine.segment;

import io.elanus.index.VectorData;
import io.elanus.index.sparse.SparseRows;
import io.elanus.model.rows.Column;
import io.elanus.model.rows.SparseVector;
import io.elanus.model.schema.Field;
import io.elanus.store.format.FileHeader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Sparse vectors of a growing segment, off the heap: per block the rows' starts, and their entries
 * in room that is doubled when it is full. What was there before stays where it was, so that a
 * reader who holds the smaller room reads on.
 */
final class GrowingSparse extends GrowingColumn {
  private static final int ENTRIES_MIN = 1024;

  private final Arena arena;
  private volatile SparseRows[] blocks = new SparseRows[0];

  GrowingSparse(Field field, Arena arena) {
    super(field);
    this.arena = arena;
  }

  @Override
  protected void set(int row, Column column, int from) {
    SparseVector vector = ((Column.SparseVectors) column).get(from);
    int at = row % BLOCK;
    int before = at == 0 ? 0 : blocks[row / BLOCK].start(at);
    SparseRows block = withRoom(row / BLOCK, before, vector.size());
    copy(MemorySegment.ofArray(vector.indices()), block.indices(), before);
    copy(MemorySegment.ofArray(vector.values()), block.values(), before);
    block.starts().set(FileHeader.INT, 4L * (at + 1), before + vector.size());
  }

  private static void copy(MemorySegment entries, MemorySegment to, int at) {
    MemorySegment.copy(entries, 0, to, 4L * at, entries.byteSize());
  }

  /** The block, with room for so many entries behind those it has. */
  private SparseRows withRoom(int number, int used, int more) {
    long needed = (long) used + more;
    if (number < blocks.length && room(blocks[number]) >= needed) {
      return blocks[number];
    }
    SparseRows[] present = Arrays.copyOf(blocks, Math.max(blocks.length, number + 1));
    boolean fresh = number == blocks.length;
    // The block before says what to expect of this one.
    long expected =
        !fresh
            ? 2L * room(present[number])
            : number == 0 ? ENTRIES_MIN : present[number - 1].start(BLOCK);
    int entries = Math.toIntExact(Math.max(expected, needed));
    MemorySegment indices = arena.allocate(4L * Math.max(1, entries), 64);
    MemorySegment values = arena.allocate(4L * Math.max(1, entries), 64);
    MemorySegment starts;
    if (fresh) {
      starts = arena.allocate(4L * (BLOCK + 1), 64);
    } else {
      starts = present[number].starts();
      copy(present[number].indices().asSlice(0, 4L * used), indices, 0);
      copy(present[number].values().asSlice(0, 4L * used), values, 0);
    }
    present[number] = new SparseRows(starts, indices, values, BLOCK);
    blocks = present;
    return present[number];
  }

  private static long room(SparseRows block) {
    return block.indices().byteSize() / ValueLayout.JAVA_INT.byteSize();
  }

  @Override
  public SparseVector sparseAt(int row) {
    return blocks[row / BLOCK].row(row % BLOCK);
  }

  @Override
  List<VectorData> vectors(int rowCount) {
    List<VectorData> chunks = new ArrayList<>();
    SparseRows[] present = blocks;
    for (int first = 0; first < rowCount; first += BLOCK) {
      SparseRows block = present[first / BLOCK];
      int n = Math.min(BLOCK, rowCount - first);
      chunks.add(
          new VectorData(new SparseRows(block.starts(), block.indices(), block.values(), n)));
    }
    return chunks;
  }
}
