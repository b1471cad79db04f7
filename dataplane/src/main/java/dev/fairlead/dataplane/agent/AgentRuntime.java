package dev.fairlead.dataplane.agent;

import static java.util.Objects.requireNonNull;

import dev.fairlead.dataplane.net.EventLoops;
import dev.fairlead.dataplane.net.HttpClient;
import io.netty.channel.EventLoop;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/// What an agent runs on; it closes none of it. Several agents may share one.
///
/// @param loops exactly one loop
/// @param client on the same loop
/// @param random for the ids of answers; used on the loop only
public record AgentRuntime(
    EventLoops loops, HttpClient client, InstantSource clock, RandomGenerator random) {
  public AgentRuntime {
    requireNonNull(loops, "loops is null");
    requireNonNull(client, "client is null");
    requireNonNull(clock, "clock is null");
    requireNonNull(random, "random is null");
    EventLoop loop = loops.next();
    if (!loops.next().equals(loop)) {
      throw new IllegalArgumentException("loops are several: an agent lives on one");
    }
  }
}
