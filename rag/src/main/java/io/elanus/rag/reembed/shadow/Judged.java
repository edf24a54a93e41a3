package io.elanus.rag.reembed.shadow;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What a set of questions showed, once asked. */
public record Judged(ObjectNode json) {}
