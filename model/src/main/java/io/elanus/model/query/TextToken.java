package io.elanus.model.query;

/**
 * A token that an analyzer found.
 *
 * @param startOffset where it begins in the text, in bytes of UTF-8
 * @param endOffset where it ends
 * @param position of the token, from 0; what a filter removed leaves a gap
 * @param hash its dimension in what a BM25 function makes, unsigned
 */
public record TextToken(
    String text, long startOffset, long endOffset, long position, long positionLength, int hash) {}
