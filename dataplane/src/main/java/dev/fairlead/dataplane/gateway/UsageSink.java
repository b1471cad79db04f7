package dev.fairlead.dataplane.gateway;

import dev.fairlead.core.usage.UsageLedger;
import dev.fairlead.core.usage.UsageRow;
import java.util.Optional;

/// Writes every settled request into the usage ledger. Safe for every thread; never blocks.
public final class UsageSink implements RequestSink {
  private final UsageLedger ledger;

  public UsageSink(UsageLedger ledger) {
    this.ledger = ledger;
  }

  @Override
  public void settled(RequestRecord request) {
    ledger.record(row(request));
  }

  static UsageRow row(RequestRecord request) {
    RequestRecord.Path path = request.path();
    RequestRecord.Times times = request.times();
    RequestRecord.Tokens tokens = request.tokens();
    return new UsageRow(
        request.id(),
        request.arrived(),
        request.arrived().plus(times.total()),
        new UsageRow.Payer(
            request.caller().tenant().name(), request.caller().key(), request.user()),
        new UsageRow.Service(
            request.model(),
            path.version(),
            path.replica().isEmpty() ? Optional.empty() : Optional.of(path.replica()),
            request.kind()),
        new UsageRow.Tokens(
            tokens.prompt(), tokens.cached(), tokens.completion(), tokens.estimated()),
        times.firstEvent().map(times.queue()::plus),
        request.outcome());
  }
}
