package dev.fairlead.dataplane.limits;

/// A Redis that must not be used for limits; the message says why and what to do.
public final class UnfitRedisException extends RuntimeException {
  private static final long serialVersionUID = 1;

  UnfitRedisException(String message) {
    super(message);
  }

  static UnfitRedisException policy(String policy) {
    return new UnfitRedisException(
        ("Redis has maxmemory-policy %s: when its memory is full it would throw away counts, and"
                + " tenants would get their budgets again. Set `maxmemory-policy noeviction` in its"
                + " configuration, or `redis-cli CONFIG SET maxmemory-policy noeviction` until its"
                + " next start.")
            .formatted(policy));
  }
}
