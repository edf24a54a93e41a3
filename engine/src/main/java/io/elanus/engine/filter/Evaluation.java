package io.elanus.engine.filter;

import io.elanus.engine.segment.ColumnView;
import io.elanus.engine.segment.Segment;
import io.elanus.index.RowBitmap;
import io.elanus.model.rows.Column;
import io.elanus.model.schema.DataType;
import io.elanus.model.schema.Field;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A predicate over the rows of one segment. Only candidate rows need an answer: an AND asks its
 * cheap parts first and the dear ones (JSON) only for rows that may still pass. Comparisons of a
 * column with a constant run block by block in {@link ColumnScan}, or in the column's index.
 *
 * <p>A null column, an absent JSON path and JSON null make a comparison unknown; a JSON value of
 * another kind than the constant is unequal to it and neither below nor above it.
 */
final class Evaluation {
  private final Segment segment;
  private final int rows;

  Evaluation(Segment segment) {
    this.segment = segment;
    this.rows = segment.rowCount();
  }

  Truth of(Predicate predicate, RowBitmap candidates) {
    return switch (predicate) {
      case Predicate.Constant constant ->
          new Truth(
              constant.value() ? RowBitmap.full(rows) : new RowBitmap(rows), new RowBitmap(rows));
      case Predicate.And and -> and(and.parts(), candidates);
      case Predicate.Or or -> or(or.parts(), candidates);
      case Predicate.Not not -> of(not.inner(), candidates).not();
      case Predicate.Compare compare -> compare(compare, candidates);
      case Predicate.In in -> in(in, candidates);
      case Predicate.Contains contains -> contains(contains, candidates);
      case Predicate.Like like ->
          each(candidates, like.operand(), v -> v instanceof String s && like.pattern().matches(s));
      case Predicate.Matches matches ->
          each(
              candidates,
              matches.operand(),
              v -> v instanceof String s && matches.pattern().matcher(s).find());
      case Predicate.TextMatch match -> new WordScan(segment, match.field()).of(match, candidates);
      case Predicate.PhraseMatch match ->
          new WordScan(segment, match.field()).of(match, candidates);
      case Predicate.IsNull isNull -> isNull(isNull.operand(), candidates);
      case Predicate.Exists exists -> isNull(exists.path(), candidates).not();
    };
  }

  private Truth and(List<Predicate> parts, RowBitmap candidates) {
    List<Predicate> ordered = new ArrayList<>(parts);
    ordered.sort(Comparator.comparingInt(this::cost));
    Truth all = new Truth(RowBitmap.full(rows), new RowBitmap(rows));
    RowBitmap left = candidates;
    for (Predicate part : ordered) {
      all = Truth.and(all, of(part, left));
      left = all.possible().and(candidates);
      if (left.next(0) < 0) {
        return Truth.none(rows);
      }
    }
    return all;
  }

  private Truth or(List<Predicate> parts, RowBitmap candidates) {
    List<Predicate> ordered = new ArrayList<>(parts);
    ordered.sort(Comparator.comparingInt(this::cost));
    Truth any = Truth.none(rows);
    RowBitmap left = candidates;
    for (Predicate part : ordered) {
      any = Truth.or(any, of(part, left));
      left = candidates.copy().andNot(any.yes());
      if (left.next(0) < 0) {
        return any;
      }
    }
    return any;
  }

  /** A rough order: numbers, texts, then what is read row by row. */
  private int cost(Predicate predicate) {
    return switch (predicate) {
      case Predicate.Constant ignored -> 0;
      case Predicate.Not not -> cost(not.inner());
      case Predicate.And and -> 1 + and.parts().stream().mapToInt(this::cost).max().orElse(0);
      case Predicate.Or or -> 1 + or.parts().stream().mapToInt(this::cost).max().orElse(0);
      case Predicate.Compare c -> Math.max(cost(c.left()), cost(c.right()));
      case Predicate.In in -> cost(in.operand());
      case Predicate.Like like -> 8 + cost(like.operand());
      case Predicate.Matches matches -> 16 + cost(matches.operand());
      case Predicate.TextMatch match -> segment.wordIndex(match.field()) == null ? 64 : 2;
      case Predicate.PhraseMatch ignored -> 64;
      case Predicate.IsNull isNull -> cost(isNull.operand());
      case Predicate.Exists ignored -> 32;
      case Predicate.Contains contains -> 4 + cost(contains.array());
    };
  }

  private static int cost(Operand operand) {
    return switch (operand) {
      case Operand.Literal ignored -> 0;
      case Operand.Column c -> c.field().type() == DataType.VARCHAR ? 4 : 1;
      case Operand.ArrayElement ignored -> 8;
      case Operand.ArrayLength length -> 4 + cost(length.of());
      case Operand.JsonPath ignored -> 32;
      case Operand.Arithmetic a -> 2 + Math.max(cost(a.left()), cost(a.right()));
    };
  }

  // --- leaves ---------------------------------------------------------------------------------

  private Truth compare(Predicate.Compare compare, RowBitmap candidates) {
    if (compare.left() instanceof Operand.Column column
        && compare.right() instanceof Operand.Literal literal) {
      return new ColumnScan(segment, column.field()).compare(compare.op(), literal.value());
    }
    Predicate.Op op = compare.op();
    Truth truth = Truth.none(rows);
    for (int row = candidates.next(0); row >= 0; row = candidates.next(row + 1)) {
      Object a = value(compare.left(), row);
      Object b = value(compare.right(), row);
      if (a == null || b == null) {
        truth.unknown().set(row);
        continue;
      }
      Integer order = Values.compare(a, b);
      if (order == null ? op == Predicate.Op.NE : op.holds(order)) {
        truth.yes().set(row);
      }
    }
    return truth;
  }

  private Truth in(Predicate.In in, RowBitmap candidates) {
    if (in.operand() instanceof Operand.Column column) {
      return new ColumnScan(segment, column.field()).in(in.values());
    }
    Constants wanted = new Constants(in.values());
    return each(candidates, in.operand(), wanted::contains);
  }

  private Truth contains(Predicate.Contains contains, RowBitmap candidates) {
    boolean indexed =
        contains.array() instanceof Operand.Column column
            && segment.scalarIndex(column.field()) != null;
    if (indexed && contains.array() instanceof Operand.Column column) {
      return new ColumnScan(segment, column.field()).contains(contains);
    }
    Constants wanted = new Constants(contains.values());
    boolean all = contains.mode() == Predicate.Contains.Mode.ALL;
    return each(
        candidates,
        contains.array(),
        v -> v instanceof List<?> list && (all ? wanted.allIn(list) : wanted.anyIn(list)));
  }

  private Truth isNull(Operand operand, RowBitmap candidates) {
    Truth truth = Truth.none(rows);
    if (operand instanceof Operand.Column column) {
      truth.yes().or(nulls(segment.column(column.field()), rows));
      return truth;
    }
    for (int row = candidates.next(0); row >= 0; row = candidates.next(row + 1)) {
      if (value(operand, row) == null) {
        truth.yes().set(row);
      }
    }
    return truth;
  }

  static RowBitmap nulls(ColumnView column, int rows) {
    RowBitmap nulls = new RowBitmap(rows);
    if (column.hasNulls()) {
      for (int row = 0; row < rows; row++) {
        if (column.isNull(row)) {
          nulls.set(row);
        }
      }
    }
    return nulls;
  }

  private interface Test {
    boolean holds(Object value);
  }

  private Truth each(RowBitmap candidates, Operand operand, Test test) {
    Truth truth = Truth.none(rows);
    for (int row = candidates.next(0); row >= 0; row = candidates.next(row + 1)) {
      Object value = value(operand, row);
      if (value == null) {
        truth.unknown().set(row);
      } else if (test.holds(value)) {
        truth.yes().set(row);
      }
    }
    return truth;
  }

  // --- values of a row ------------------------------------------------------------------------

  private @Nullable Object value(Operand operand, int row) {
    return switch (operand) {
      case Operand.Literal literal -> literal.value();
      case Operand.Column column -> column(column.field(), row);
      case Operand.JsonPath path -> {
        ColumnView view = segment.column(path.field());
        yield view.isNull(row) ? null : JsonReader.read(view.bytesAt(row), path.path());
      }
      case Operand.ArrayElement element -> element(element, row);
      case Operand.ArrayLength length ->
          value(length.of(), row) instanceof List<?> list ? (Object) (long) list.size() : null;
      case Operand.Arithmetic a -> {
        Object left = value(a.left(), row);
        Object right = value(a.right(), row);
        yield left instanceof Number && right instanceof Number && fits(a.op(), left, right)
            ? Values.arithmetic(a.op(), left, right)
            : null;
      }
    };
  }

  /** A JSON value may turn out floating where only integers make sense. */
  private static boolean fits(char op, Object left, Object right) {
    return "&|^<>".indexOf(op) < 0 || (left instanceof Long && right instanceof Long);
  }

  private @Nullable Object column(Field field, int row) {
    ColumnView view = segment.column(field);
    if (view.isNull(row)) {
      return null;
    }
    return switch (field.type()) {
      case BOOL -> view.longAt(row) != 0;
      case INT8, INT16, INT32, INT64 -> view.longAt(row);
      case FLOAT, DOUBLE -> view.doubleAt(row);
      case VARCHAR -> view.stringAt(row);
      case ARRAY -> list(view.arrayAt(row));
      default -> null;
    };
  }

  private @Nullable Object element(Operand.ArrayElement element, int row) {
    ColumnView view = segment.column(element.field());
    if (view.isNull(row)) {
      return null;
    }
    Column array = view.arrayAt(row);
    return element.index() < array.size() ? widened(array.get(element.index())) : null;
  }

  private static List<?> list(Column array) {
    List<@Nullable Object> list = new ArrayList<>(array.size());
    for (int i = 0; i < array.size(); i++) {
      list.add(widened(array.get(i)));
    }
    return list;
  }

  private static @Nullable Object widened(@Nullable Object value) {
    return value instanceof Float f ? (Object) f.doubleValue() : value;
  }
}
