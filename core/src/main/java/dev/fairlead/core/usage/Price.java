package dev.fairlead.core.usage;

import java.math.BigDecimal;

/// What a million tokens of a model cost.
///
/// @param input for prompt tokens that the KV cache did not have
/// @param cachedInput for prompt tokens that it had
/// @param output for completion tokens
public record Price(BigDecimal input, BigDecimal cachedInput, BigDecimal output) {
  /// Nothing costs anything.
  public static final Price FREE = new Price(BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO);

  private static final int MILLION_DIGITS = 6;

  public Price {
    notNegative(input, "input");
    notNegative(cachedInput, "cachedInput");
    notNegative(output, "output");
  }

  private static void notNegative(BigDecimal amount, String name) {
    if (amount.signum() < 0) {
      throw new IllegalArgumentException(name + " is negative: " + amount);
    }
  }

  /// What these tokens cost, exactly.
  public BigDecimal of(UsageSum.Counts counts) {
    return input
        .multiply(BigDecimal.valueOf(counts.prompt() - counts.cached()))
        .add(cachedInput.multiply(BigDecimal.valueOf(counts.cached())))
        .add(output.multiply(BigDecimal.valueOf(counts.completion())))
        .movePointLeft(MILLION_DIGITS);
  }
}
