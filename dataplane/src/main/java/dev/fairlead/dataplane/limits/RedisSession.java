package dev.fairlead.dataplane.limits;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.ScoredValue;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/// One connection to a Redis that is fit for limits and has the scripts. It is given up at its
/// first failure, and another one is opened. Safe for every thread; answers come on its event loop.
final class RedisSession {
  private final StatefulRedisConnection<String, String> connection;
  private final RedisAsyncCommands<String, String> commands;
  private final Map<Script, String> digests;
  private final String runId;

  /// @param digests by which the scripts are called
  /// @param runId changes when Redis starts anew
  RedisSession(
      StatefulRedisConnection<String, String> connection,
      Map<Script, String> digests,
      String runId) {
    this.connection = connection;
    this.commands = connection.async();
    this.digests = digests;
    this.runId = runId;
  }

  String runId() {
    return runId;
  }

  boolean open() {
    return connection.isOpen();
  }

  void onClosed(Runnable action) {
    connection.addListener(
        new RedisConnectionStateListener() {
          @Override
          public void onRedisDisconnected(RedisChannelHandler<?, ?> ignored) {
            action.run();
          }
        });
  }

  /// The answer's elements are strings, longs and lists of them.
  CompletionStage<List<Object>> run(Script script, List<String> keys, List<String> arguments) {
    return commands.evalsha(
        digests.getOrDefault(script, ""),
        ScriptOutputType.MULTI,
        keys.toArray(String[]::new),
        arguments.toArray(String[]::new));
  }

  /// Sets the scores of members.
  CompletionStage<Long> score(String key, double score, Collection<String> members) {
    @SuppressWarnings({"unchecked", "rawtypes"})
    ScoredValue<String>[] scored =
        members.stream().map(member -> ScoredValue.just(score, member)).toArray(ScoredValue[]::new);
    return commands.zadd(key, scored);
  }

  CompletionStage<Long> remove(String key, String member) {
    return commands.zrem(key, member);
  }

  void close() {
    var _ = connection.closeAsync();
  }
}
