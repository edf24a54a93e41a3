package io.elanus.rag.chunk;

/** A stretch that is not cut: not blank at its ends, within the limits of a chunk. */
record Unit(int start, int end, int tokens) {}
