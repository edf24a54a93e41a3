package io.elanus.rag.reembed.shadow;

import io.elanus.rag.retrieve.Question.Mode;
import java.util.Map;

/**
 * Questions to ask of both collections.
 *
 * @param name for the report
 * @param questions text by id
 * @param gains by question and document; empty where nobody judged
 */
public record QuestionSet(
    String name,
    Map<String, String> questions,
    Map<String, Map<String, Integer>> gains,
    Mode mode) {}
