package io.elanus.server.validate;

import com.google.protobuf.Message;
import java.util.Set;
import java.util.TreeSet;

/**
 * Fields that newer versions of the protocol added to messages we know. They reach us as unknown
 * fields; where they could change what is stored or answered, ignoring them would be a lie.
 */
final class NewerProtocol {
  private NewerProtocol() {}

  /** Refuses the message if it carries a field that this server's protocol does not have. */
  static void refuse(Message message, String what) {
    Set<Integer> numbers = message.getUnknownFields().asMap().keySet();
    if (!numbers.isEmpty()) {
      throw Problems.unsupported(
          "the %s uses a feature of a newer protocol that is not offered (field %s of %s); leave it out",
          what, new TreeSet<>(numbers), message.getDescriptorForType().getName());
    }
  }
}
