package io.elanus.app.backup;

import io.elanus.store.backup.Backups;
import io.elanus.store.object.s3.S3Config;
import io.elanus.store.object.s3.S3Lease;
import io.elanus.store.object.s3.S3Objects;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Backups in a bucket. The only class of the app that loads the SDK. */
final class BucketPlace implements Place {
  private static final Pattern HOLDER =
      Pattern.compile("process (\\d{1,10}) of (.+), started (\\d{1,15})");

  private final S3Objects objects;
  private final ScheduledExecutorService renewing;
  private final @Nullable S3Lease lease;

  private BucketPlace(
      S3Objects objects, ScheduledExecutorService renewing, @Nullable S3Lease lease) {
    this.objects = objects;
    this.renewing = renewing;
    this.lease = lease;
  }

  /** Clears away uploads that a process that died has left. */
  static Place writingTo(S3Config config, Consumer<String> says) {
    return open(config, says, true);
  }

  static Place readingFrom(S3Config config) {
    return open(config, sentence -> {}, false);
  }

  private static Place open(S3Config config, Consumer<String> says, boolean writing) {
    S3Objects objects = S3Objects.open(config, new SecureRandom(), Thread::sleep);
    ScheduledExecutorService renewing =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("lease").daemon(true).factory());
    boolean opened = false;
    try {
      S3Lease lease = writing ? lease(objects, renewing, says) : null;
      if (writing) {
        objects.abortUnfinished();
      }
      opened = true;
      return new BucketPlace(objects, renewing, lease);
    } finally {
      if (!opened) {
        renewing.shutdownNow();
        objects.close();
      }
    }
  }

  private static S3Lease lease(
      S3Objects objects, ScheduledExecutorService renewing, Consumer<String> says) {
    String host = host();
    return S3Lease.take(
        objects,
        "process %d of %s, started %d"
            .formatted(ProcessHandle.current().pid(), host, started(ProcessHandle.current())),
        S3Lease.Timing.DEFAULT,
        holder -> isDead(holder, host),
        holder ->
            says.accept(
                "%s writes to %s, or died doing so; if it does not move within a minute, this goes on in its place"
                    .formatted(holder, objects.address())),
        renewing,
        Thread::sleep);
  }

  /** Only of this machine's processes is it known. */
  private static boolean isDead(String holder, String host) {
    Matcher parts = HOLDER.matcher(holder);
    if (!parts.matches() || !parts.group(2).equals(host)) {
      return false;
    }
    return ProcessHandle.of(Long.parseLong(parts.group(1)))
        .map(process -> started(process) != Long.parseLong(parts.group(3)))
        .orElse(true);
  }

  private static long started(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "an unknown machine";
    }
  }

  @Override
  public Backups backups() {
    return new Backups(objects);
  }

  @Override
  public void stillMine() {
    if (lease != null) {
      lease.renew();
    }
  }

  @Override
  public void close() {
    renewing.shutdownNow();
    try {
      if (lease != null) {
        lease.close();
      }
    } finally {
      objects.close();
    }
  }
}
