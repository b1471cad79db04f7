package dev.fairlead.dataplane.agent;

import dev.fairlead.dataplane.net.HttpClient;
import io.netty.channel.EventLoop;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/// What every request of one agent works with.
record Site(
    AgentOptions options,
    EventLoop loop,
    HttpClient client,
    EngineWatch engine,
    AgentMetrics metrics,
    InstantSource clock,
    RandomGenerator random) {}
