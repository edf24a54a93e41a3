package io.elanus.engine.filter;

import io.elanus.engine.range.KeyRange;
import io.elanus.engine.segment.Segment;
import io.elanus.index.RowBitmap;
import io.elanus.model.query.Filter;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.Schema;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A filter that is typed and ready for any segment of its schema. Immutable. */
public final class CompiledFilter {
  private static final int CHARACTERS_MAX = 8192;

  /** Of a number, roughly. */
  private static final int ELEMENT_CHARACTERS = 16;

  private final Predicate predicate;
  private final Field primaryKey;
  private final @Nullable Key key;

  /** What the filter says, under which names. */
  private record Key(Filter filter, int schemaVersion) {}

  CompiledFilter(Predicate predicate, Filter filter, Schema schema) {
    this.predicate = predicate;
    this.primaryKey = schema.primaryKey();
    this.key = isShort(filter) ? new Key(filter, schema.version()) : null;
  }

  /** Whether the filter takes little room beside the rows that it lets pass. */
  private static boolean isShort(Filter filter) {
    int characters = filter.expression().length();
    for (Object value : filter.parameters().values()) {
      for (Object element : value instanceof List<?> list ? list : List.of(value)) {
        characters += element instanceof String text ? text.length() : ELEMENT_CHARACTERS;
        if (characters > CHARACTERS_MAX) {
          return false;
        }
      }
    }
    return characters <= CHARACTERS_MAX;
  }

  /** Whether every row passes. */
  public boolean isAll() {
    return predicate instanceof Predicate.Constant constant && constant.value();
  }

  /**
   * Those of the candidates for which the filter is true.
   *
   * @param candidates rows that matter; not changed
   */
  public RowBitmap matches(Segment segment, RowBitmap candidates) {
    if (isAll()) {
      return candidates.copy();
    }
    // Where few rows are asked about, to answer for all would cost more than it saves.
    boolean most = candidates.cardinality() > segment.rowCount() / 2;
    RowBitmap known =
        key == null || !most ? null : segment.remembered(key, () -> yes(segment, all(segment)));
    return known == null ? yes(segment, candidates).and(candidates) : candidates.copy().and(known);
  }

  /**
   * Whether the filter can be true in any row of a segment whose clustering key lies in a range.
   * False is a promise; where the filter says nothing of the key, or not simply enough, it is true.
   */
  public boolean mayMatch(KeyRange range) {
    return new Reach(range).includes(predicate, true);
  }

  /**
   * What predicates can come to in some row of a range. That unknown is neither is kept in mind.
   */
  private record Reach(KeyRange range) {
    /** Whether the predicate can be true, or can be false. */
    boolean includes(Predicate predicate, boolean outcome) {
      return switch (predicate) {
        case Predicate.Constant constant -> constant.value() == outcome;
        case Predicate.And and -> outcome ? all(and.parts(), true) : any(and.parts(), false);
        case Predicate.Or or -> outcome ? any(or.parts(), true) : all(or.parts(), false);
        case Predicate.Not not -> includes(not.inner(), !outcome);
        case Predicate.Compare compare
            when isKey(compare.left()) && compare.right() instanceof Operand.Literal literal ->
            reaches(outcome ? compare.op() : compare.op().negated(), literal.value());
        case Predicate.In in when isKey(in.operand()) && outcome ->
            in.values().stream().anyMatch(value -> reaches(Predicate.Op.EQ, value));
        case Predicate.IsNull isNull when isKey(isNull.operand()) ->
            outcome ? range.nulls() : range.min() != null;
        default -> true;
      };
    }

    private boolean all(List<Predicate> parts, boolean outcome) {
      return parts.stream().allMatch(part -> includes(part, outcome));
    }

    private boolean any(List<Predicate> parts, boolean outcome) {
      return parts.stream().anyMatch(part -> includes(part, outcome));
    }

    private boolean isKey(Operand operand) {
      return operand instanceof Operand.Column column && column.field().id() == range.fieldId();
    }

    private boolean reaches(Predicate.Op op, Object constant) {
      if (range.min() == null || range.max() == null) {
        // Without a value the comparison is unknown, and so is its opposite.
        return false;
      }
      Object meant = constant;
      boolean exact = true;
      if (constant instanceof String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        meant = KeyRange.text(bytes);
        // What of a longer text counts may be what counts of others as well.
        exact = bytes.length < KeyRange.TEXT_BYTES_MAX;
      }
      Integer least = order(range.min(), meant);
      Integer greatest = order(range.max(), meant);
      if (least == null || greatest == null) {
        return true;
      }
      return switch (op) {
        case EQ -> least <= 0 && greatest >= 0;
        case NE -> !exact || least != 0 || greatest != 0;
        case LT -> least < 0 || (!exact && least == 0);
        case LE -> least <= 0;
        case GT -> greatest > 0 || (!exact && greatest == 0);
        case GE -> greatest >= 0;
      };
    }

    private static @Nullable Integer order(Object end, Object constant) {
      if (end instanceof String a && constant instanceof String b) {
        return KeyRange.compare(a, b);
      }
      return end instanceof Number && constant instanceof Number
          ? Values.compare(end, constant)
          : null;
    }
  }

  private RowBitmap yes(Segment segment, RowBitmap candidates) {
    return new Evaluation(segment).of(predicate, candidates).yes();
  }

  private static RowBitmap all(Segment segment) {
    return RowBitmap.full(segment.rowCount());
  }

  /**
   * The primary keys that alone can pass, where the filter says so ({@code id in [...]}, alone or
   * ANDed with more). They may not all pass.
   */
  public Optional<List<Object>> primaryKeys() {
    if (predicate instanceof Predicate.And and) {
      return and.parts().stream().map(this::keysOf).flatMap(Optional::stream).findFirst();
    }
    return keysOf(predicate);
  }

  /** Whether {@link #primaryKeys} is all that the filter says. */
  public boolean isPrimaryKeysOnly() {
    return keysOf(predicate).isPresent();
  }

  private Optional<List<Object>> keysOf(Predicate part) {
    return switch (part) {
      case Predicate.In in when isKey(in.operand()) && exact(in.values()) ->
          Optional.of(in.values());
      case Predicate.Compare compare
          when compare.op() == Predicate.Op.EQ
              && isKey(compare.left())
              && compare.right() instanceof Operand.Literal literal
              && exact(List.of(literal.value())) ->
          Optional.of(List.of(literal.value()));
      default -> Optional.empty();
    };
  }

  private boolean isKey(Operand operand) {
    return operand instanceof Operand.Column column && column.field().id() == primaryKey.id();
  }

  private static boolean exact(List<Object> values) {
    return values.stream().allMatch(v -> v instanceof Long || v instanceof String);
  }
}
