package io.elanus.rag.generate;

import java.util.List;

/**
 * What a model is given.
 *
 * @param messages oldest first
 * @param tokensMax longest text it may write
 */
public record Prompt(List<Message> messages, int tokensMax) {
  public Prompt {
    messages = List.copyOf(messages);
  }

  /** One turn. */
  public record Message(Role role, String text) {}

  /** Whose turn. */
  public enum Role {
    SYSTEM("system"),
    USER("user"),
    ASSISTANT("assistant");

    private final String word;

    Role(String word) {
      this.word = word;
    }

    /** As the protocol spells it. */
    public String word() {
      return word;
    }
  }
}
