package io.elanus.rag.answer;

import io.elanus.rag.generate.Prompt.Message;
import io.elanus.rag.retrieve.Question;
import java.util.List;

/**
 * What is to be answered.
 *
 * @param question what is looked for
 * @param words what the generator is asked; the question's text where the two are one
 * @param history earlier turns, oldest first; the oldest go first where the prompt has no room
 * @param instructions the client's own for the generator, beside the template's; empty for none
 * @param generate whether a generator writes, where there is one
 * @param answerTokensMax that it may write
 * @param streamed whether pieces are shown before the answer is whole, and cannot be taken back
 */
public record AnswerRequest(
    Question question,
    String words,
    List<Message> history,
    String instructions,
    boolean generate,
    int answerTokensMax,
    boolean streamed) {
  public AnswerRequest {
    history = List.copyOf(history);
  }
}
