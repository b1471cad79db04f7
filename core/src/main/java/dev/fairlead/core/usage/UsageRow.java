package dev.fairlead.core.usage;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// What one request took, for the ledger: who asked, which model answered, tokens, times, how it
/// ended. Nothing of its content and no key is in it. Requests are told apart by `requestId` and
/// `arrived` together.
///
/// @param arrived when its body was complete; the request counts for this day of UTC
/// @param timeToFirstToken from `arrived` to the first event of a stream, the queue included; empty
///   where none came and for answers that come whole
/// @param outcome as the label of the gateway's metric
public record UsageRow(
    String requestId,
    Instant arrived,
    Instant finished,
    Payer payer,
    Service service,
    Tokens tokens,
    Optional<Duration> timeToFirstToken,
    String outcome) {

  /// For whom the request was.
  ///
  /// @param key the name of the key, never the key; empty where the door asks for none
  /// @param user whom the tenant named, see {@link UserName}; empty for nobody
  public record Payer(String tenant, String key, String user) {
    public Payer {
      requireNonNull(tenant, "tenant is null");
      requireNonNull(key, "key is null");
      user = UserName.clean(user);
    }
  }

  /// What answered.
  ///
  /// @param model the served name; empty where the request was refused before it was known
  /// @param version empty where no model was found
  /// @param replica the last one that had it
  /// @param kind `chat`, `completion` or `embedding`
  public record Service(String model, String version, Optional<String> replica, String kind) {
    public Service {
      requireNonNull(model, "model is null");
      requireNonNull(version, "version is null");
      requireNonNull(replica, "replica is null");
      requireNonNull(kind, "kind is null");
    }
  }

  /// What was read and written.
  ///
  /// @param cached the part of `prompt` that was in the engine's KV cache
  /// @param estimated whether the engine did not come to tell: then `prompt` is a guess by its
  ///   length and `completion` is what had come of the answer
  public record Tokens(long prompt, long cached, long completion, boolean estimated) {
    public Tokens {
      if (prompt < 0 || cached < 0 || completion < 0) {
        throw new IllegalArgumentException(
            "a count is negative: prompt %d, cached %d, completion %d"
                .formatted(prompt, cached, completion));
      }
      cached = Math.min(cached, prompt);
    }
  }

  public UsageRow {
    requireNonNull(requestId, "requestId is null");
    requireNonNull(arrived, "arrived is null");
    requireNonNull(finished, "finished is null");
    requireNonNull(payer, "payer is null");
    requireNonNull(service, "service is null");
    requireNonNull(tokens, "tokens is null");
    requireNonNull(timeToFirstToken, "timeToFirstToken is null");
    requireNonNull(outcome, "outcome is null");
  }
}
