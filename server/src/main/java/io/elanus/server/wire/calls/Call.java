package io.elanus.server.wire.calls;

import io.elanus.model.Caller;

/**
 * One call by a client, whatever protocol it came by.
 *
 * @param caller principal, the database of the connection ({@code default} where it named none),
 *     deadline
 * @param clientId what Connect answered to this client, 0 for one that never connected
 * @param requestId the client's own name for this request, empty where it gave none
 */
public record Call(Caller caller, long clientId, String requestId) {
  public static Call of(Caller caller) {
    return new Call(caller, 0, "");
  }

  /**
   * The caller, in the database that the request itself names; the connection's where it is empty.
   */
  public Caller in(String requestDatabase) {
    if (requestDatabase.isEmpty() || requestDatabase.equals(caller.database())) {
      return caller;
    }
    return new Caller(caller.principal(), requestDatabase, caller.attributes(), caller.deadline());
  }
}
