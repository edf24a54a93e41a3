package io.elanus.rag.answer;

import io.elanus.rag.retrieve.Passage;

/**
 * A passage an answer may cite.
 *
 * @param number from 1
 * @param text as far as it was given to the generator
 * @param cut whether that is not all of it
 */
public record NumberedPassage(int number, Passage passage, String text, boolean cut) {}
