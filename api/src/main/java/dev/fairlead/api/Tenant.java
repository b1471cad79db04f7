package dev.fairlead.api;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A team that asks: its keys, what it may use and how much of it.
public record Tenant(Metadata metadata, Spec spec) implements Resource {

  @Override
  public Kind kind() {
    return Kind.TENANT;
  }

  /// What the user wrote: an absent value means the default. No models means all of them.
  public record Spec(
      List<String> models,
      Optional<Limits> limits,
      Optional<Integer> priority,
      Optional<Boolean> overflow,
      Optional<String> attributionHeader,
      List<Key> keys) {
    public Spec {
      models = List.copyOf(models);
      keys = List.copyOf(keys);
    }
  }

  /// The most that all keys together may use.
  public record Limits(
      Optional<Long> requestsPerMinute,
      Optional<Long> tokensPerMinute,
      Optional<Integer> concurrency,
      Optional<Long> tokensPerDay) {}

  /// A key by its hash, so that the resource holds no secret.
  public record Key(String name, String sha256, Optional<Instant> expires) {
    /// Without the hash, which has no place in a log.
    @Override
    public String toString() {
      return "Key[name=%s, expires=%s]".formatted(name, expires);
    }
  }
}
