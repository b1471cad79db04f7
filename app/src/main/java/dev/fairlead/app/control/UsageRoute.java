package dev.fairlead.app.control;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.core.usage.UsageLedger;
import dev.fairlead.core.usage.UsageReport;
import dev.fairlead.core.usage.UsageSum;
import dev.fairlead.dataplane.net.BodyReceiver;
import dev.fairlead.dataplane.net.Handler;
import dev.fairlead.dataplane.net.ServerExchange;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/// `GET usage?since=30d&until=2026-12-01&by=tenant,key`: what was used, and what it costs. Safe for
/// every thread.
final class UsageRoute implements Handler {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final Installation installation;
  private final Background background;

  UsageRoute(Installation installation, Background background) {
    this.installation = installation;
    this.background = background;
  }

  @Override
  public BodyReceiver accept(ServerExchange exchange) {
    try {
      UsageRequest request =
          UsageRequest.parse(
              orEmpty(exchange.query("since")),
              orEmpty(exchange.query("until")),
              orEmpty(exchange.query("by")));
      background.answer(exchange, () -> answer(request));
    } catch (IllegalArgumentException e) {
      Answer.refused(400, "bad_request", String.valueOf(e.getMessage())).send(exchange);
    }
    return BodyReceiver.ignore();
  }

  private static String orEmpty(@Nullable String parameter) {
    return parameter == null ? "" : parameter;
  }

  private Answer answer(UsageRequest request) {
    try {
      return Answer.json(200, json(installation.usage(request)));
    } catch (UsageLedger.TooManyGroupsException e) {
      return Answer.refused(400, "too_many_groups", String.valueOf(e.getMessage()));
    } catch (UsageLedger.UnavailableException e) {
      return Answer.refused(503, "ledger_unavailable", String.valueOf(e.getMessage()));
    }
  }

  private static ObjectNode json(UsageReport report) {
    ObjectNode tree = NODES.objectNode();
    report
        .currency()
        .ifPresentOrElse(
            currency -> tree.put("currency", currency), () -> tree.putNull("currency"));
    var items = tree.putArray("items");
    report.lines().forEach(line -> items.add(json(line)));
    tree.set("total", json(report.total()));
    var unpriced = tree.putArray("modelsWithoutPrice");
    report.unpriced().forEach(unpriced::add);
    return tree;
  }

  /// A cost is text, for a number in JSON may lose its digits.
  private static ObjectNode json(UsageReport.Line line) {
    ObjectNode tree = NODES.objectNode();
    line.sum().group().forEach((dimension, value) -> tree.put(dimension.word(), value));
    UsageSum.Counts counts = line.sum().counts();
    tree.put("requests", counts.requests())
        .put("estimatedRequests", counts.estimated())
        .put("promptTokens", counts.prompt())
        .put("cachedTokens", counts.cached())
        .put("completionTokens", counts.completion());
    line.cost().ifPresent(amount -> tree.put("cost", plain(amount)));
    return tree;
  }

  private static String plain(BigDecimal amount) {
    return amount.signum() == 0 ? "0" : amount.stripTrailingZeros().toPlainString();
  }
}
