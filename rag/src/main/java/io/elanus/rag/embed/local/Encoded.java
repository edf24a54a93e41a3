package io.elanus.rag.embed.local;

/**
 * A text as a model reads it.
 *
 * @param ids of its tokens, those at the ends included
 * @param types the segment of each
 * @param cut whether the text was longer than the model reads
 */
record Encoded(long[] ids, long[] types, boolean cut) {
  int length() {
    return ids.length;
  }
}
