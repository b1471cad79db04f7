package dev.fairlead.core.usage;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Usage as it is shown: the groups in order, with what they cost.
///
/// @param currency empty where there are no prices
/// @param unpriced models with tokens in the report that no price was given for, in order
public record UsageReport(List<Line> lines, Optional<String> currency, List<String> unpriced) {

  /// A group.
  ///
  /// @param cost empty where there are no prices; a model without a price costs nothing
  public record Line(UsageSum sum, Optional<BigDecimal> cost) {
    public Line {
      Objects.requireNonNull(sum, "sum is null");
      Objects.requireNonNull(cost, "cost is null");
    }
  }

  /// Day after day, the largest groups of each first, equals by their names.
  private static final Comparator<Line> ORDER =
      Comparator.comparing((Line line) -> line.sum().group().getOrDefault(Dimension.DAY, ""))
          .thenComparing(
              Comparator.comparingLong((Line line) -> line.sum().counts().tokens()).reversed())
          .thenComparing(line -> String.join("\0", line.sum().group().values()));

  public UsageReport {
    lines = List.copyOf(lines);
    Objects.requireNonNull(currency, "currency is null");
    unpriced = List.copyOf(unpriced);
  }

  /// Reports what the ledger gave for `query.alsoByModel()`, by what `query` asks for.
  public static UsageReport of(UsageQuery query, List<UsageSum> sums, PriceTable prices) {
    Map<Map<Dimension, String>, Line> groups = new LinkedHashMap<>();
    Set<String> unpriced = new TreeSet<>();
    for (UsageSum sum : sums) {
      String model = sum.group().getOrDefault(Dimension.MODEL, "");
      Optional<Price> price = prices.find(model);
      if (price.isEmpty() && !prices.isEmpty() && sum.counts().tokens() > 0) {
        unpriced.add(model);
      }
      Optional<BigDecimal> cost =
          prices.isEmpty()
              ? Optional.empty()
              : Optional.of(price.orElse(Price.FREE).of(sum.counts()));
      Line line = new Line(new UsageSum(only(sum.group(), query.by()), sum.counts()), cost);
      groups.merge(line.sum().group(), line, UsageReport::together);
    }
    List<Line> lines = new ArrayList<>(groups.values());
    lines.sort(ORDER);
    return new UsageReport(
        lines,
        prices.isEmpty() ? Optional.empty() : Optional.of(prices.currency()),
        List.copyOf(unpriced));
  }

  /// All groups together.
  public Line total() {
    return lines.stream()
        .map(line -> new Line(new UsageSum(Map.of(), line.sum().counts()), line.cost()))
        .reduce(
            new Line(
                new UsageSum(Map.of(), UsageSum.Counts.NONE), currency.map(_ -> BigDecimal.ZERO)),
            UsageReport::together);
  }

  private static Map<Dimension, String> only(Map<Dimension, String> group, Set<Dimension> wanted) {
    EnumMap<Dimension, String> kept = new EnumMap<>(Dimension.class);
    group.forEach((dimension, value) -> {
      if (wanted.contains(dimension)) {
        kept.put(dimension, value);
      }
    });
    return kept;
  }

  private static Line together(Line one, Line other) {
    return new Line(
        new UsageSum(one.sum().group(), one.sum().counts().plus(other.sum().counts())),
        one.cost().flatMap(cost -> other.cost().map(cost::add)));
  }
}
