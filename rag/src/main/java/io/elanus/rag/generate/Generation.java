package io.elanus.rag.generate;

import java.util.OptionalInt;

/**
 * What a model wrote.
 *
 * @param cut whether it stopped at its limit of tokens rather than at the end
 * @param promptTokens as the provider counted, where it says
 * @param textTokens likewise
 */
public record Generation(
    String text, boolean cut, OptionalInt promptTokens, OptionalInt textTokens) {}
