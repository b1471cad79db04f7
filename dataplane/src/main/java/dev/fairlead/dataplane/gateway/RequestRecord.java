package dev.fairlead.dataplane.gateway;

import static java.util.Objects.requireNonNull;

import dev.fairlead.core.admit.Caller;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/// What became of one request, for who asks why it was slow or why it failed. Nothing of its
/// content and no key is in it.
///
/// @param arrived when its body was complete
/// @param caller who sent it; its tenant and the name of its key
/// @param user whom the caller named: the tenant's header, else the body's `user`; empty for nobody
/// @param model the served name, empty where the request was refused before it was known
/// @param kind what was asked for, such as `chat` or `embedding`
/// @param outcome as the metric's label has it
/// @param trace the span of the client that it belongs to, where the client named one
public record RequestRecord(
    String id,
    Instant arrived,
    Caller caller,
    String user,
    String model,
    String kind,
    boolean stream,
    String outcome,
    Path path,
    Times times,
    Tokens tokens,
    Ending ending,
    Optional<TraceParent> trace)
    implements GatewayRecord {
  public RequestRecord {
    requireNonNull(id, "id is null");
    requireNonNull(arrived, "arrived is null");
    requireNonNull(caller, "caller is null");
    requireNonNull(user, "user is null");
    requireNonNull(model, "model is null");
    requireNonNull(kind, "kind is null");
    requireNonNull(outcome, "outcome is null");
    requireNonNull(path, "path is null");
    requireNonNull(times, "times is null");
    requireNonNull(tokens, "tokens is null");
    requireNonNull(ending, "ending is null");
    requireNonNull(trace, "trace is null");
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

  /// How long it took. All but `auth` follow the complete body.
  ///
  /// @param auth from its head until its caller was known
  /// @param coldStart the part of `queue` in which no replica was ready
  /// @param queue until a replica took it for the last time; the whole time where none did
  /// @param firstEvent from there to the first event of the answer, which is its prefill; empty
  ///   where none came
  /// @param total until its end
  public record Times(
      Duration auth,
      Duration coldStart,
      Duration queue,
      Optional<Duration> firstEvent,
      Duration total) {}

  /// What it took of the engine, which is also what its tenant's limits were charged with; zero
  /// where the engine has not told, nothing came, and no client left it alone with a prompt.
  ///
  /// @param cached the part of `prompt` that was in the engine's KV cache
  /// @param estimated the engine has not come to tell: `prompt` is a guess by the length of the
  ///   text, `completion` counts the pieces that came
  public record Tokens(long prompt, long cached, long completion, boolean estimated) {
    static final Tokens NONE = new Tokens(0, 0, 0, false);

    long total() {
      return prompt + completion;
    }
  }

  /// How its answer ended.
  ///
  /// @param status of HTTP, 0 where the client left before one was sent
  /// @param error the code of the error that it was told, such as `model_not_found`; empty where
  ///   there was none or its code is not known
  /// @param finishReason one of OpenAI's, or `other`; empty where none came
  public record Ending(int status, String error, String finishReason) {
    private static final Set<String> REASONS =
        Set.of("stop", "length", "tool_calls", "function_call", "content_filter");

    /// What an engine says is not passed on where anyone may count it.
    static String reason(String told) {
      return told.isEmpty() || REASONS.contains(told) ? told : "other";
    }
  }
}
