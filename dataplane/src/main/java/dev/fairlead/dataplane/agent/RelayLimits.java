package dev.fairlead.dataplane.agent;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;

/// How much and how long one request may take between gateway and engine. Sizes are bytes.
///
/// @param connect until the engine has accepted the connection
/// @param head until the engine's first sign of an answer, which comes after the prefill; absent
///   for no limit
/// @param silence between two pieces of an answer; absent for no limit
/// @param maxRequestBytes of a request's body
/// @param maxEventBytes of one event of the engine's stream
/// @param maxAnswerBytes of an answer that is not a stream
public record RelayLimits(
    Duration connect,
    Optional<Duration> head,
    Optional<Duration> silence,
    int maxRequestBytes,
    int maxEventBytes,
    int maxAnswerBytes) {
  public RelayLimits {
    Checks.positive(connect, "connect");
    requireNonNull(head, "head is null").ifPresent(time -> Checks.positive(time, "head"));
    requireNonNull(silence, "silence is null").ifPresent(time -> Checks.positive(time, "silence"));
    Checks.positive(maxRequestBytes, "maxRequestBytes");
    Checks.positive(maxEventBytes, "maxEventBytes");
    Checks.positive(maxAnswerBytes, "maxAnswerBytes");
  }

  /// 2 s to connect, 10 min of prefill, 2 min of silence (llama.cpp sends a comment every 30 s);
  /// requests of 33 MiB (a gateway's 32 and what it adds), events of 1 MiB, answers of 128 MiB
  /// (2048 vectors of 4096 numbers).
  public static RelayLimits defaults() {
    return new RelayLimits(
        Duration.ofSeconds(2),
        Optional.of(Duration.ofMinutes(10)),
        Optional.of(Duration.ofMinutes(2)),
        33 << 20,
        1 << 20,
        128 << 20);
  }
}
