package io.elanus.rag.policy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elanus.model.Caller;
import java.util.List;

/**
 * One rule of a policy.
 *
 * @param principals whom it binds; {@code *} for all
 * @param except whom it does not bind though named before
 * @param database of the collections; {@code *} for all
 * @param collections by their own names; {@code *} for all
 * @param filter in Mongo's words; {@code ${caller.NAME}} as a whole value stands for an attribute
 *     of the caller, {@code ${caller.NAME[]}} for its parts between commas
 * @param stampTags put on every document such a caller writes
 * @param stampMetadata likewise; values as in the filter
 */
public record Rule(
    List<String> principals,
    List<String> except,
    String database,
    List<String> collections,
    ObjectNode filter,
    List<String> stampTags,
    ObjectNode stampMetadata) {
  public static final String ANY = "*";

  public Rule {
    principals = List.copyOf(principals);
    except = List.copyOf(except);
    collections = List.copyOf(collections);
    stampTags = List.copyOf(stampTags);
  }

  boolean binds(Caller caller, String collection) {
    return names(principals, caller.principal())
        && !except.contains(caller.principal())
        && (database.equals(ANY) || database.equals(caller.database()))
        && names(collections, collection);
  }

  private static boolean names(List<String> names, String name) {
    return names.contains(ANY) || names.contains(name);
  }
}
