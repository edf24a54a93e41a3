package io.elanus.server;

import com.linecorp.armeria.server.ServerBuilder;

/** Another protocol on the same port: adds its services to the server while it is being built. */
@FunctionalInterface
public interface Mount {
  void on(ServerBuilder server);
}
