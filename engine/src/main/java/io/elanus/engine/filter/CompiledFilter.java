package io.elanus.engine.filter;

import io.elanus.engine.segment.Segment;
import io.elanus.index.RowBitmap;
import io.elanus.model.query.Filter;
import io.elanus.model.schema.Field;
import io.elanus.model.schema.Schema;
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
