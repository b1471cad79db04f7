package dev.fairlead.ledger;

import dev.fairlead.core.usage.Dimension;
import dev.fairlead.core.usage.UsageQuery;
import dev.fairlead.core.usage.UsageRow;
import dev.fairlead.core.usage.UsageSum;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/// Rows and questions for tests.
final class Rows {
  static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");

  private Rows() {}

  static UsageRow row(int number) {
    return row(number, "search", NOON.plusMillis(number));
  }

  static UsageRow row(int number, String tenant, Instant arrived) {
    return row(number, arrived, new UsageRow.Payer(tenant, "laptop", "zoë"));
  }

  static UsageRow row(int number, Instant arrived, UsageRow.Payer payer) {
    return new UsageRow(
        "req_" + number,
        arrived,
        arrived.plusSeconds(2),
        payer,
        new UsageRow.Service("chat", "chat-1", Optional.of("chat-1-a"), "chat"),
        new UsageRow.Tokens(10, 4, 3, false),
        Optional.of(Duration.ofMillis(120)),
        "success");
  }

  static UsageQuery all(Dimension... by) {
    EnumSet<Dimension> dimensions = EnumSet.noneOf(Dimension.class);
    dimensions.addAll(List.of(by));
    return new UsageQuery(Instant.EPOCH, Instant.MAX, dimensions, 100);
  }

  static UsageSum.Counts total(List<UsageSum> sums) {
    return sums.stream().map(UsageSum::counts).reduce(UsageSum.Counts.NONE, UsageSum.Counts::plus);
  }
}
