package io.elanus.rag.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elanus.model.Caller;
import io.elanus.model.error.ElanusException;
import io.elanus.model.error.ErrorCode;
import io.elanus.rag.filter.DocumentFields;
import io.elanus.rag.fixture.Library;
import io.elanus.testkit.oracle.OracleDatabase;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfiguredFiltersTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private final OracleDatabase database = new OracleDatabase(InstantSource.system());

  private static ObjectNode json(String text) {
    try {
      return (ObjectNode) JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  private static Rule rule(String principal, String collection, String filter) {
    return new Rule(
        List.of(principal),
        List.of(),
        "*",
        List.of(collection),
        json(filter),
        List.of(),
        json("{}"));
  }

  private ConfiguredFilters filters(Rule... rules) {
    return new ConfiguredFilters(
        database,
        List.of(rules),
        Map.of(
            "alice", Map.of("tenant", "red", "groups", "law, sales"),
            "bob", Map.of("tenant", "blue"),
            "eve", Map.of("tenant", "red\"} or true")));
  }

  private static Caller caller(String principal) {
    return new Caller(principal, "default", Map.of(), Instant.MAX);
  }

  private static void denied(MandatoryFilters filters, Caller caller, String collection) {
    assertThatThrownBy(() -> filters.of(caller, collection))
        .isInstanceOfSatisfying(
            ElanusException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_PERMITTED));
  }

  @Test
  void whomNoRuleBindsSeesNothing() {
    ConfiguredFilters filters = filters(rule("alice", "documents", "{}"));
    assertThat(filters.of(caller("alice"), "documents").filter().isAll()).isTrue();
    denied(filters, caller("alice"), "other");
    denied(filters, caller("bob"), "documents");
    denied(filters, caller(""), "documents");
  }

  @Test
  void allRulesThatBindHold() {
    ConfiguredFilters filters =
        filters(
            rule("*", "*", "{\"tenant\": \"${caller.tenant}\"}"),
            rule("alice", "documents", "{\"tags\": {\"$ne\": \"draft\"}}"));
    var bound = filters.of(caller("alice"), "documents");
    assertThat(bound.filter().parameters().values()).containsExactlyInAnyOrder("red", "draft");
    assertThat(filters.of(caller("alice"), "other").filter().parameters())
        .isEqualTo(Map.of("bound_0", "red"));
    denied(filters, caller("carol"), "documents");
  }

  @Test
  void someCanBeLeftOut() {
    Rule all =
        new Rule(
            List.of("*"),
            List.of("root"),
            "*",
            List.of("*"),
            json("{\"tenant\": \"${caller.tenant}\"}"),
            List.of(),
            json("{}"));
    ConfiguredFilters filters = filters(all, rule("root", "*", "{}"));
    assertThat(filters.of(caller("root"), "documents").filter().isAll()).isTrue();
  }

  @Test
  void attributesAreValuesAndNothingElse() {
    ConfiguredFilters filters =
        filters(
            rule("*", "*", "{\"tenant\": \"${caller.tenant}\", \"by\": \"${caller.principal}\"}"));
    assertThat(filters.of(caller("eve"), "d").filter().parameters().values())
        .containsExactlyInAnyOrder("red\"} or true", "eve");
    assertThat(filters.of(caller("eve"), "d").filter().expression())
        .isEqualTo(filters.of(caller("bob"), "d").filter().expression());
    ConfiguredFilters groups = filters(rule("*", "*", "{\"group\": \"${caller.groups[]}\"}"));
    assertThat(groups.of(caller("alice"), "d").filter().parameters().values())
        .containsExactly(List.of("law", "sales"));
    denied(groups, caller("bob"), "d");
  }

  @Test
  void anAliasDoesNotLeadAroundARule() {
    Library.create(database, "closed");
    database.aliases().create(Caller.SYSTEM, "open", "closed");
    ConfiguredFilters filters = filters(rule("*", "open", "{}"));
    denied(filters, caller("alice"), "open");
  }

  @Test
  void keysAreEqualWhereRowsAre() {
    ConfiguredFilters filters = filters(rule("*", "*", "{\"tenant\": \"${caller.tenant}\"}"));
    Caller other = new Caller("dora", "default", Map.of("tenant", "red"), Instant.MAX);
    String red = filters.of(caller("alice"), "d").key();
    assertThat(filters.of(other, "d").key()).isEqualTo(red);
    assertThat(filters.of(caller("bob"), "d").key()).isNotEqualTo(red);
    assertThat(
            filters(rule("*", "*", "{\"tenant\": {\"$in\": [\"a\", \"b\"]}}"))
                .of(caller("alice"), "d")
                .key())
        .isNotEqualTo(
            filters(rule("*", "*", "{\"tenant\": {\"$in\": [\"a,String1:b\"]}}"))
                .of(caller("alice"), "d")
                .key());
  }

  @Test
  void writesAreStampedAndChecked() {
    Rule stamping =
        new Rule(
            List.of("*"),
            List.of(),
            "*",
            List.of("*"),
            json("{\"tenant\": \"${caller.tenant}\", \"level\": {\"$lt\": 3}}"),
            List.of("checked"),
            json("{\"tenant\": \"${caller.tenant}\"}"));
    Writes writes = filters(stamping).of(caller("alice"), "d").writes();
    DocumentFields sent =
        new DocumentFields(
            "s", 0, List.of("a"), 0, "t", "", json("{\"tenant\": \"blue\", \"level\": 1}"));
    DocumentFields stamped = writes.stamped(sent);
    assertThat(stamped.metadata()).isEqualTo(json("{\"tenant\": \"red\", \"level\": 1}"));
    assertThat(stamped.tags()).containsExactly("a", "checked");
    writes.check(stamped);
    DocumentFields high =
        new DocumentFields(
            "s", 0, List.of(), 0, "t", "", json("{\"tenant\": \"red\", \"level\": 5}"));
    assertThatThrownBy(() -> writes.check(high)).hasMessageContaining("outside");
    assertThatThrownBy(() -> writes.check(sent)).isInstanceOf(ElanusException.class);
    assertThat(MandatoryFilters.NONE.of(caller(""), "d").writes().isFree()).isTrue();
    assertThatThrownBy(() -> Writes.NONE.check(stamped)).isInstanceOf(ElanusException.class);
  }
}
