package io.elanus.rag.policy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elanus.model.Caller;
import io.elanus.model.Database;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.model.query.Filter;
import io.elanus.rag.filter.Condition;
import io.elanus.rag.filter.Expression;
import io.elanus.rag.filter.MongoFilter;
import io.elanus.rag.hash.Sha256;
import io.elanus.rag.knowledge.KnownPlaces;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Mandatory filters out of the configuration. All rules that bind a caller hold together: a rule
 * only ever takes away. A caller whom no rule binds sees nothing.
 */
public final class ConfiguredFilters implements MandatoryFilters {
  private static final String PREFIX = "bound_";

  private final KnownPlaces places;
  private final List<Rule> rules;
  private final Map<String, Map<String, String>> attributes;

  /**
   * @param rules at least one
   * @param attributes of principals, beside those that the guard knows
   */
  public ConfiguredFilters(
      Database database, List<Rule> rules, Map<String, Map<String, String>> attributes) {
    this.places = new KnownPlaces(database);
    this.rules = List.copyOf(rules);
    this.attributes = Map.copyOf(attributes);
    if (rules.isEmpty()) {
      throw new IllegalStateException("a policy without rules denies everything; use NONE");
    }
  }

  @Override
  public Bound of(Caller caller, String collection) {
    Resolved resolved = resolve(caller, collection);
    Condition condition = resolved.condition();
    Filter filter = Expression.of(condition, PREFIX);
    return new Bound(filter, key(filter), resolved.writes());
  }

  /**
   * A policy for one caller and collection, its attributes filled in.
   *
   * @param filters of the rules that bind
   */
  record Resolved(
      String collection, List<ObjectNode> filters, Condition condition, Writes writes) {}

  Resolved resolve(Caller plain, String named) {
    Caller caller = withAttributes(plain);
    String collection = ownName(caller, named);
    Attributes fill = new Attributes(caller);
    List<ObjectNode> filters = new ArrayList<>();
    List<Condition> conditions = new ArrayList<>();
    List<String> tags = new ArrayList<>();
    ObjectNode metadata = JsonNodeFactory.instance.objectNode();
    for (Rule rule : rules) {
      if (rule.binds(caller, collection)) {
        ObjectNode filter = fill.filled(rule.filter());
        filters.add(filter);
        conditions.add(MongoFilter.parse(filter));
        tags.addAll(rule.stampTags());
        metadata.setAll(fill.filled(rule.stampMetadata()));
      }
    }
    if (filters.isEmpty()) {
      throw new ElanusException(
          ErrorCode.NOT_PERMITTED,
          "no policy lets %s see the collection %s"
              .formatted(
                  caller.principal().isEmpty() ? "a caller without a name" : caller.principal(),
                  collection));
    }
    conditions.removeIf(Condition.ALWAYS::equals);
    Condition all = conditions.size() == 1 ? conditions.getFirst() : new Condition.And(conditions);
    return new Resolved(collection, filters, all, new Writes(all, tags, metadata));
  }

  private Caller withAttributes(Caller caller) {
    Map<String, String> all = new TreeMap<>(caller.attributes());
    all.putAll(attributes.getOrDefault(caller.principal(), Map.of()));
    return new Caller(caller.principal(), caller.database(), all, caller.deadline());
  }

  /**
   * Rules name collections by their own names: an alias must not lead around them. A collection
   * that belongs to a re-embedding is bound as the one whose chunks it has.
   */
  private String ownName(Caller caller, String named) {
    try {
      return places.nameForRules(caller, named);
    } catch (ElanusException e) {
      if (e.code() == ErrorCode.COLLECTION_NOT_FOUND) {
        return named;
      }
      throw e;
    }
  }

  private static String key(Filter filter) {
    StringBuilder canonical = new StringBuilder(filter.expression());
    filter.parameters().entrySet().stream()
        .sorted(Comparator.comparing(Map.Entry::getKey))
        .forEach(
            p -> canonical.append('\n').append(p.getKey()).append('=').append(typed(p.getValue())));
    return Sha256.hex(canonical.toString().getBytes(StandardCharsets.UTF_8)).substring(0, 32);
  }

  /** Unlike values look different: with lengths, no text can pass for two. */
  private static String typed(Object value) {
    if (value instanceof List<?> list) {
      StringBuilder all = new StringBuilder("[" + list.size() + ":");
      list.forEach(item -> all.append(typed(java.util.Objects.requireNonNull(item))).append(','));
      return all.append(']').toString();
    }
    String text = value.toString();
    return value.getClass().getSimpleName() + text.length() + ":" + text;
  }
}
