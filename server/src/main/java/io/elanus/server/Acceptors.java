package io.elanus.server;

import com.linecorp.armeria.common.Flags;
import com.linecorp.armeria.common.util.EventLoopGroups;
import com.linecorp.armeria.common.util.TransportType;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * The threads that accept connections. Netty lets them linger for two seconds after a stop, in case
 * new work arrives; nothing arrives on a closed port, and a restart waits for them. Armeria stops
 * the group that the channel names as its own, so that its configurable wrapper is passed over; the
 * group itself has to be in a hurry.
 */
public final class Acceptors {
  private Acceptors() {}

  /** One thread that ends as soon as its port is closed. */
  public static EventLoopGroup one(String threadName) {
    TransportType transport = Flags.transportType();
    return switch (transport) {
      case EPOLL -> new Hurried(threadName, EpollIoHandler.newFactory());
      case NIO -> new Hurried(threadName, NioIoHandler.newFactory());
      default -> EventLoopGroups.newEventLoopGroup(1, threadName);
    };
  }

  private static final class Hurried extends MultiThreadIoEventLoopGroup {
    Hurried(String threadName, IoHandlerFactory handlers) {
      super(1, threads(threadName), handlers);
    }

    private static ThreadFactory threads(String name) {
      return Thread.ofPlatform().daemon(true).name(name).factory();
    }

    @Override
    public Future<?> shutdownGracefully() {
      return shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
  }
}
