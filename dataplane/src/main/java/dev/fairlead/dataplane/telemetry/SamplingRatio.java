package dev.fairlead.dataplane.telemetry;

/// Which share of the requests is traced, between 0 and 1.
public record SamplingRatio(double share) {
  /// Every request.
  public static final SamplingRatio ALL = new SamplingRatio(1);

  public SamplingRatio {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("share is not between 0 and 1: " + share);
    }
  }

  /// The same answer for the same id. Ids are random; the factor (2^32 divided by the golden ratio)
  /// spreads the sums that `hashCode` is made of.
  boolean takes(String id) {
    long spread = Integer.toUnsignedLong(id.hashCode() * 0x9E3779B9);
    return spread < share * 0x1p32;
  }
}
