package io.elanus.rag.answer.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elanus.rag.retrieve.Question;

/** Reads out of a request's body where is looked and how: collection, filter, mode and the like. */
@FunctionalInterface
public interface QuestionReader {
  /**
   * @param text what is looked for
   * @param topK where the body does not say
   * @throws io.elanus.model.error.ElanusException INVALID_ARGUMENT
   */
  Question read(ObjectNode body, String text, int topK);
}
