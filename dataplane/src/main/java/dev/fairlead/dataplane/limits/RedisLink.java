package dev.fairlead.dataplane.limits;

import dev.fairlead.dataplane.net.EventLoops;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.resource.ClientResources;
import io.netty.util.HashedWheelTimer;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/// Opens connections to Redis, on the loops of HTTP; the one thread of its own is a timer's. It
/// neither waits for a Redis that is away nor keeps questions for it: who asks knows at once. Safe
/// for every thread.
final class RedisLink implements AutoCloseable {
  /// Questions that wait for an answer; more fail at once.
  private static final int MAX_WAITING = 8_192;

  private static final int TICK_MILLIS = 10;

  private final RedisURI uri;
  private final HashedWheelTimer timer =
      new HashedWheelTimer(
          new DefaultThreadFactory("redis-timer", true), TICK_MILLIS, TimeUnit.MILLISECONDS);
  private final ClientResources resources;
  private final RedisClient client;

  RedisLink(RedisLimitOptions options, EventLoops loops) {
    uri = RedisURI.create(options.uri());
    Duration connect = options.timeout().multipliedBy(10);
    uri.setTimeout(connect);
    options.password().ifPresent(password -> uri.setAuthentication((CharSequence) password));
    resources =
        ClientResources.builder()
            .eventLoopGroupProvider(new SharedLoops(loops.group(), loops.threads()))
            .eventExecutorGroup(loops.group())
            .timer(timer)
            .commandLatencyRecorder(CommandLatencyRecorder.disabled())
            .build();
    client = RedisClient.create(resources);
    client.setOptions(
        ClientOptions.builder()
            .autoReconnect(false)
            .requestQueueSize(MAX_WAITING)
            .socketOptions(SocketOptions.builder().connectTimeout(connect).build())
            .timeoutOptions(TimeoutOptions.enabled(options.timeout()))
            .build());
  }

  /// Without the password.
  String address() {
    return uri.getHost() == null ? "sentinel" : uri.getHost() + ":" + uri.getPort();
  }

  /// Opens a connection; fails with {@link UnfitRedisException} when the server must not be used.
  CompletionStage<RedisSession> open() {
    return client
        .connectAsync(StringCodec.UTF8, uri)
        .toCompletableFuture()
        .thenCompose(connection ->
            prepared(connection)
                .whenComplete((session, failure) -> {
                  if (failure != null) {
                    var _ = connection.closeAsync();
                  }
                }));
  }

  private CompletableFuture<RedisSession> prepared(
      StatefulRedisConnection<String, String> connection) {
    RedisAsyncCommands<String, String> commands = connection.async();
    Map<Script, String> digests = new EnumMap<>(Script.class);
    List<CompletableFuture<String>> loading = new ArrayList<>();
    for (Script script : Script.values()) {
      digests.put(script, commands.digest(script.text()));
      loading.add(commands.scriptLoad(script.text()).toCompletableFuture());
    }
    return commands
        .info()
        .toCompletableFuture()
        .thenCompose(info -> {
          String policy = field(info, "maxmemory_policy");
          if (!policy.equals("noeviction")) {
            throw UnfitRedisException.policy(policy);
          }
          RedisSession session = new RedisSession(connection, digests, field(info, "run_id"));
          return CompletableFuture.allOf(loading.toArray(CompletableFuture[]::new))
              .thenApply(_ -> session);
        });
  }

  private static String field(String info, String name) {
    return info.lines()
        .filter(line -> line.startsWith(name + ":"))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst()
        .orElse("unknown");
  }

  @Override
  public void close() {
    client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
    resources.shutdown(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    timer.stop();
  }
}
