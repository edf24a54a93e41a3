package io.elanus.engine.filter;

import io.elanus.engine.segment.Segment;
import io.elanus.index.RowBitmap;
import io.elanus.model.schema.Field;
import java.util.List;
import java.util.Optional;

/** A filter that is typed and ready for any segment of its schema. Immutable. */
public final class CompiledFilter {
  private final Predicate predicate;
  private final Field primaryKey;

  CompiledFilter(Predicate predicate, Field primaryKey) {
    this.predicate = predicate;
    this.primaryKey = primaryKey;
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
    return new Evaluation(segment).of(predicate, candidates).yes().and(candidates);
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
