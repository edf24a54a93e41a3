package io.elanus.rag.answer;

import io.elanus.rag.embed.Tokens;
import io.elanus.rag.generate.Prompt;
import io.elanus.rag.generate.Prompt.Message;
import io.elanus.rag.generate.Prompt.Role;
import io.elanus.rag.knowledge.Chunk;
import io.elanus.rag.retrieve.Passage;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Puts a prompt together under a bound of tokens. The rules and the question stay whole; passages
 * are taken from the best on, the first that does not fit is cut where enough of it is left, and
 * those after it are left out; of earlier turns the newest are kept, on a quarter of the bound.
 *
 * <p>Passages are data: each stands between marks that it cannot forge, as {@code <passage} inside
 * of one is written {@code &lt;passage}.
 */
final class PromptPacking {
  private static final int CUT_TOKENS_MIN = 48;
  private static final int HISTORY_SHARE = 4;
  private static final Pattern MARK =
      Pattern.compile("<(?=\\s*/?\\s*passage)", Pattern.CASE_INSENSITIVE);

  private final AnswerConfig config;
  private final Tokens tokens;

  PromptPacking(AnswerConfig config, Tokens tokens) {
    this.config = config;
    this.tokens = tokens;
  }

  /**
   * @param left passages without room
   * @param tokens of the prompt, as the embedder counts
   */
  record Packed(Prompt prompt, List<NumberedPassage> passages, List<Passage> left, int tokens) {}

  Packed pack(AnswerRequest request, List<Passage> passages) {
    String system = config.template().system();
    if (!request.instructions().isBlank()) {
      system += "\n\nThe user asks for this too, as far as the rules above allow it:\n";
      system += request.instructions();
    }
    int used = tokens.count(system) + tokens.count(config.template().user("", request.words()));
    List<Message> history = history(request.history());
    for (Message turn : history) {
      used += tokens.count(turn.text());
    }
    StringBuilder block = new StringBuilder();
    List<NumberedPassage> numbered = new ArrayList<>();
    int next = 0;
    while (next < passages.size()) {
      NumberedPassage one = numbered(next + 1, passages.get(next), config.promptTokensMax() - used);
      if (one == null) {
        break;
      }
      String framed = framed(one);
      used += tokens.count(framed);
      block.append(framed);
      numbered.add(one);
      next++;
      if (one.cut()) {
        break;
      }
    }
    List<Message> messages = new ArrayList<>();
    messages.add(new Message(Role.SYSTEM, system));
    messages.addAll(history);
    String user = config.template().user(block.toString().strip(), request.words());
    messages.add(new Message(Role.USER, user));
    return new Packed(
        new Prompt(messages, request.answerTokensMax()),
        List.copyOf(numbered),
        List.copyOf(passages.subList(next, passages.size())),
        used);
  }

  private List<Message> history(List<Message> turns) {
    int room = config.promptTokensMax() / HISTORY_SHARE;
    int from = turns.size();
    while (from > 0) {
      room -= tokens.count(turns.get(from - 1).text());
      if (room < 0) {
        break;
      }
      from--;
    }
    return turns.subList(from, turns.size());
  }

  /** Null where too little of it fits. */
  private @Nullable NumberedPassage numbered(int number, Passage passage, int room) {
    String text = text(passage);
    NumberedPassage whole = new NumberedPassage(number, passage, text, false);
    int over = tokens.count(framed(whole)) - room;
    if (over <= 0) {
      return whole;
    }
    int[] offsets = tokens.offsets(text);
    int kept = offsets.length / 2 - over;
    if (kept < CUT_TOKENS_MIN) {
      return null;
    }
    String start = text.substring(0, offsets[2 * kept - 1]);
    return new NumberedPassage(number, passage, start, true);
  }

  /** With the neighbours that were asked for; what two chunks share stands once. */
  static String text(Passage passage) {
    StringBuilder text = new StringBuilder();
    int end = -1;
    List<Chunk> chunks = new ArrayList<>(passage.before());
    chunks.add(passage.chunk());
    chunks.addAll(passage.after());
    for (Chunk chunk : chunks) {
      int shared = Math.clamp(end - chunk.start(), 0, chunk.text().length());
      if (end >= 0 && shared == 0) {
        text.append('\n');
      }
      text.append(chunk.text(), shared, chunk.text().length());
      end = Math.max(end, chunk.end());
    }
    return text.toString();
  }

  private static String framed(NumberedPassage passage) {
    Chunk chunk = passage.passage().chunk();
    return "<passage number=\"%d\"%s%s source=\"%s\">\n%s\n</passage>\n"
        .formatted(
            passage.number(),
            attribute("title", chunk.title()),
            attribute("heading", chunk.heading()),
            quoted(chunk.sourceId()),
            MARK.matcher(passage.text()).replaceAll("&lt;"));
  }

  private static String attribute(String name, String value) {
    return value.isBlank() ? "" : " %s=\"%s\"".formatted(name, quoted(value));
  }

  /** On one line, and without what would end it. */
  private static String quoted(String value) {
    return value
        .replaceAll("\\s+", " ")
        .replace("&", "&amp;")
        .replace("\"", "&quot;")
        .replace("<", "&lt;");
  }
}
