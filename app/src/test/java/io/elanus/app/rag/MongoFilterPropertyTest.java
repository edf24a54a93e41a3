package io.elanus.app.rag;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elanus.app.serve.FolderDatabase;
import io.elanus.model.Caller;
import io.elanus.model.Database;
import io.elanus.model.query.Consistency;
import io.elanus.model.query.Filter;
import io.elanus.model.query.InsertRequest;
import io.elanus.model.query.QueryRequest;
import io.elanus.model.rows.Column;
import io.elanus.model.schema.IndexSpec;
import io.elanus.rag.embed.Model;
import io.elanus.rag.filter.Condition;
import io.elanus.rag.filter.DocumentFields;
import io.elanus.rag.filter.Evaluator;
import io.elanus.rag.filter.Expression;
import io.elanus.rag.filter.MongoFilter;
import io.elanus.rag.knowledge.Chunk;
import io.elanus.rag.knowledge.ChunkRows;
import io.elanus.rag.knowledge.KnowledgeSchema;
import io.elanus.testkit.fixture.Seeds;
import io.elanus.testkit.oracle.OracleDatabase;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random filters over random chunks: the database, growing and sealed, the oracle, and the
 * evaluator in memory find the same.
 */
class MongoFilterPropertyTest {
  private static final int CHUNKS = 150;
  private static final int FILTERS = 400;
  private static final Model MODEL = new Model("m", "", 2, 10);
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final List<String> KEYS =
      List.of("a", "b", "x y", "ü😀", "q\"]) or true or (m[\"", "{f0}", "0", "back\\slash", "a'b");
  private static final List<String> TEXTS =
      List.of(
          "",
          "1",
          "a",
          "ä",
          "\" or 1 == 1 or \"",
          "{f0}",
          "😀",
          "\uffee",
          "%",
          "line\nbreak",
          "\\");
  private static final List<String> FIELDS =
      List.of("source_id", "chunk_index", "tags", "timestamp", "title", "heading");

  @TempDir Path folder;

  private final Random random = new Random(Seeds.seed(20_261_121));

  private <T> T pick(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private JsonNode scalar() {
    return switch (random.nextInt(8)) {
      case 0 -> JSON.booleanNode(random.nextBoolean());
      case 1 -> JSON.numberNode(random.nextInt(4) / 2.0);
      case 2 ->
          JSON.numberNode(pick(List.of(Long.MAX_VALUE, Long.MIN_VALUE, 1L << 53, (1L << 53) + 1)));
      case 3, 4 -> JSON.numberNode(random.nextInt(4));
      default -> JSON.textNode(pick(TEXTS));
    };
  }

  private JsonNode stored(int depth) {
    int kind = random.nextInt(depth > 2 ? 6 : 9);
    if (kind < 5) {
      return scalar();
    }
    if (kind == 5) {
      return JSON.nullNode();
    }
    if (kind == 6) {
      ArrayNode array = JSON.arrayNode();
      for (int i = random.nextInt(4); i > 0; i--) {
        array.add(random.nextInt(5) == 0 ? stored(depth + 1) : scalar());
      }
      return array;
    }
    return object(depth + 1);
  }

  private ObjectNode object(int depth) {
    ObjectNode object = JSON.objectNode();
    for (int i = random.nextInt(5); i > 0; i--) {
      object.set(pick(KEYS), stored(depth));
    }
    return object;
  }

  private Chunk chunk(int number) {
    List<String> tags = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      tags.add(pick(TEXTS));
    }
    return new Chunk(
        "c" + number,
        pick(TEXTS) + random.nextInt(2),
        random.nextInt(5),
        "text",
        pick(TEXTS),
        pick(TEXTS),
        0,
        1,
        "h",
        tags,
        1_760_000_000_000L + random.nextInt(4),
        object(0).toString());
  }

  private ObjectNode filter(int depth) {
    ObjectNode filter = JSON.objectNode();
    for (int i = 1 + random.nextInt(2); i > 0; i--) {
      int kind = random.nextInt(depth < 3 ? 8 : 5);
      switch (kind) {
        case 5, 6 -> {
          ArrayNode parts = filter.putArray(kind == 5 ? "$and" : "$or");
          for (int part = 1 + random.nextInt(3); part > 0; part--) {
            parts.add(filter(depth + 1));
          }
        }
        case 7 -> filter.set("$not", filter(depth + 1));
        default -> {
          if (random.nextInt(3) == 0) {
            String field = pick(FIELDS);
            filter.set(field, asked(field, depth));
          } else {
            filter.set(path(), asked("", depth));
          }
        }
      }
    }
    return filter;
  }

  private String path() {
    String path = pick(KEYS);
    for (int i = random.nextInt(3); i > 1; i--) {
      path += "." + pick(KEYS);
    }
    return random.nextInt(4) == 0 ? "metadata." + path : path;
  }

  private JsonNode value(String field) {
    return switch (field) {
      case "" -> scalar();
      case "chunk_index" -> JSON.numberNode(random.nextInt(10) / 2.0);
      case "timestamp" ->
          random.nextBoolean()
              ? JSON.numberNode(1_760_000_000_000L + random.nextInt(4))
              : JSON.textNode("2025-10-09T08:53:20.00%dZ".formatted(random.nextInt(4)));
      case "source_id" -> JSON.textNode(pick(TEXTS) + random.nextInt(2));
      default -> JSON.textNode(pick(TEXTS));
    };
  }

  private ArrayNode list(String field) {
    ArrayNode list = JSON.arrayNode();
    for (int i = random.nextInt(4); i > 0; i--) {
      list.add(random.nextInt(6) == 0 ? JSON.nullNode() : value(field));
    }
    return list;
  }

  private JsonNode asked(String field, int depth) {
    ObjectNode operators = JSON.objectNode();
    switch (random.nextInt(depth < 3 ? 10 : 9)) {
      case 0 -> {
        return list(field);
      }
      case 1 -> {
        return value(field);
      }
      case 2 -> operators.set("$ne", random.nextInt(5) == 0 ? JSON.nullNode() : value(field));
      case 3 -> operators.set("$in", list(field));
      case 4 -> operators.set("$nin", list(field));
      case 5 -> operators.put("$exists", random.nextBoolean());
      case 6, 7, 8 -> {
        JsonNode bound = value(field);
        boolean ordered = !bound.isBoolean() && !field.equals("tags");
        operators.set(ordered ? pick(List.of("$gt", "$gte", "$lt", "$lte")) : "$eq", bound);
      }
      default -> {
        if (asked(field, depth + 1) instanceof ObjectNode inner) {
          operators.set("$not", inner);
        } else {
          operators.putNull("$eq");
        }
      }
    }
    return operators;
  }

  private static void fill(Database database, List<Chunk> chunks) {
    database.collections().create(Caller.SYSTEM, KnowledgeSchema.spec("c", MODEL));
    for (IndexSpec index : KnowledgeSchema.indexes()) {
      database.indexes().create(Caller.SYSTEM, "c", index);
    }
    database.collections().load(Caller.SYSTEM, "c", List.of());
    List<float[]> vectors = chunks.stream().map(chunk -> new float[] {1, 0}).toList();
    database
        .rows()
        .insert(Caller.SYSTEM, new InsertRequest("c", "", ChunkRows.of(chunks, vectors, 2)));
  }

  private static TreeSet<String> found(Database database, Filter filter) {
    Column ids =
        database
            .rows()
            .query(
                Caller.SYSTEM,
                new QueryRequest(
                    "c",
                    List.of(),
                    filter,
                    List.of("id"),
                    CHUNKS * 2,
                    0,
                    Consistency.STRONG,
                    false))
            .rows()
            .require("id");
    TreeSet<String> found = new TreeSet<>();
    for (int i = 0; i < ids.size(); i++) {
      found.add(String.valueOf(ids.get(i)));
    }
    return found;
  }

  private static TreeSet<String> expected(Condition condition, List<Chunk> chunks)
      throws JsonProcessingException {
    TreeSet<String> expected = new TreeSet<>();
    for (Chunk chunk : chunks) {
      DocumentFields fields =
          new DocumentFields(
              chunk.sourceId(),
              chunk.index(),
              chunk.tags(),
              chunk.timestampMillis(),
              chunk.title(),
              chunk.heading(),
              new ObjectMapper().readTree(chunk.metadata()));
      if (Evaluator.test(condition, fields)) {
        expected.add(chunk.id());
      }
    }
    return expected;
  }

  @Test
  void allFindTheSame() throws JsonProcessingException {
    List<Chunk> chunks = new ArrayList<>();
    for (int i = 0; i < CHUNKS; i++) {
      chunks.add(chunk(i));
    }
    List<ObjectNode> filters = new ArrayList<>();
    for (int i = 0; i < FILTERS; i++) {
      filters.add(filter(0));
    }
    int some = 0;
    try (FolderDatabase local = FolderDatabase.open(folder);
        OracleDatabase oracle = new OracleDatabase(InstantSource.system())) {
      fill(local.database(), chunks);
      fill(oracle, chunks);
      for (int pass = 0; pass < 2; pass++) {
        for (ObjectNode filter : filters) {
          Condition condition = MongoFilter.parse(filter);
          Filter compiled = Expression.of(condition, "f");
          TreeSet<String> expected = expected(condition, chunks);
          assertThat(found(local.database(), compiled)).as("%s", filter).isEqualTo(expected);
          if (pass == 0) {
            assertThat(found(oracle, compiled)).as("oracle: %s", filter).isEqualTo(expected);
          }
          some += expected.isEmpty() || expected.size() == CHUNKS ? 0 : 1;
        }
        local.database().jobs().flush(Caller.SYSTEM, "c");
      }
    }
    assertThat(some).isGreaterThan(FILTERS / 2);
  }
}
