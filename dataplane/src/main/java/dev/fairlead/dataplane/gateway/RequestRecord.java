package dev.fairlead.dataplane.gateway;

import static java.util.Objects.requireNonNull;

import dev.fairlead.core.admit.Caller;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// What became of one request, for who asks why it was slow or why it failed. Nothing of its
/// content and no key is in it.
///
/// @param arrived when its body was complete
/// @param caller who sent it; its tenant and the name of its key
/// @param model the served name, empty where the request was refused before it was known
/// @param kind `chat`, `completion` or `embedding`
/// @param outcome as the metric's label has it
public record RequestRecord(
    String id,
    Instant arrived,
    Caller caller,
    String model,
    String kind,
    boolean stream,
    String outcome,
    Path path,
    Times times,
    Tokens tokens) {
  public RequestRecord {
    requireNonNull(id, "id is null");
    requireNonNull(arrived, "arrived is null");
    requireNonNull(caller, "caller is null");
    requireNonNull(model, "model is null");
    requireNonNull(kind, "kind is null");
    requireNonNull(outcome, "outcome is null");
    requireNonNull(path, "path is null");
    requireNonNull(times, "times is null");
    requireNonNull(tokens, "tokens is null");
  }

  /// Where it went.
  ///
  /// @param version empty where no model was found
  /// @param replica the last one that had it, empty where none had
  /// @param ahead how many requests were before it in the queue when it joined
  /// @param coldStart whether no replica was ready then
  /// @param replacements how often it was placed again
  public record Path(
      String version, String replica, int ahead, boolean coldStart, int replacements) {}

  /// How long it took.
  ///
  /// @param queue until a replica took it for the last time; the whole time where none did
  /// @param firstEvent from there to the first event of the answer, which is its prefill; empty
  ///   where none came
  /// @param total until its end
  public record Times(Duration queue, Optional<Duration> firstEvent, Duration total) {}

  /// What it took of the engine; where that has not told, because the client left or it failed in
  /// mid-answer, the gateway's estimate; zero where no replica worked on it.
  ///
  /// @param cached the part of `prompt` that was in the engine's KV cache
  public record Tokens(long prompt, long cached, long completion) {}
}
