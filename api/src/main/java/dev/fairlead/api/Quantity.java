package dev.fairlead.api;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An amount as Kubernetes writes it, such as `4Gi`, `500m` or `2`. Keeps the user's spelling:
/// `1024Mi` and `1Gi` have one {@link #amount()} but are not equal.
public record Quantity(String text) {
  private static final Pattern FORM =
      Pattern.compile("(\\d{1,30}(?:\\.\\d{1,30})?)(m|k|Ki|M|Mi|G|Gi|T|Ti|P|Pi|E|Ei|)");
  private static final Map<String, BigDecimal> FACTORS =
      Map.ofEntries(
          Map.entry("m", new BigDecimal("0.001")),
          Map.entry("", BigDecimal.ONE),
          Map.entry("k", BigDecimal.TEN.pow(3)),
          Map.entry("M", BigDecimal.TEN.pow(6)),
          Map.entry("G", BigDecimal.TEN.pow(9)),
          Map.entry("T", BigDecimal.TEN.pow(12)),
          Map.entry("P", BigDecimal.TEN.pow(15)),
          Map.entry("E", BigDecimal.TEN.pow(18)),
          Map.entry("Ki", BigDecimal.TWO.pow(10)),
          Map.entry("Mi", BigDecimal.TWO.pow(20)),
          Map.entry("Gi", BigDecimal.TWO.pow(30)),
          Map.entry("Ti", BigDecimal.TWO.pow(40)),
          Map.entry("Pi", BigDecimal.TWO.pow(50)),
          Map.entry("Ei", BigDecimal.TWO.pow(60)));

  public Quantity {
    if (!FORM.matcher(text).matches()) {
      throw new IllegalArgumentException("text is not a quantity: " + text);
    }
  }

  /// Reads a quantity; empty where `text` is none.
  public static Optional<Quantity> parse(String text) {
    return FORM.matcher(text).matches() ? Optional.of(new Quantity(text)) : Optional.empty();
  }

  /// The amount in bytes, cores or pieces, whatever the quantity counts.
  public BigDecimal amount() {
    Matcher parts = FORM.matcher(text);
    if (!parts.matches()) {
      throw new IllegalStateException("text is not a quantity: " + text);
    }
    BigDecimal factor = FACTORS.getOrDefault(parts.group(2), BigDecimal.ONE);
    return new BigDecimal(parts.group(1)).multiply(factor);
  }

  @Override
  public String toString() {
    return text;
  }
}
