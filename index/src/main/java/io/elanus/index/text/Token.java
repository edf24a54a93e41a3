package io.elanus.index.text;

/**
 * A token of a text.
 *
 * @param start where it begins in the text, in characters
 * @param end where it ends
 * @param position of the token, from 0; what a filter removed leaves a gap
 * @param positionLength how many positions it spans
 */
public record Token(String text, int start, int end, int position, int positionLength) {}
