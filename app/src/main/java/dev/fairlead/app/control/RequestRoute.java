package dev.fairlead.app.control;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.dataplane.gateway.RequestRecord;
import dev.fairlead.dataplane.net.BodyReceiver;
import dev.fairlead.dataplane.net.Handler;
import dev.fairlead.dataplane.net.ServerExchange;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.OptionalInt;

/// `GET requests?id=ID`, or `GET requests?since=SECONDS` for the slowest of that time: what became
/// of recent requests. Safe for every thread.
final class RequestRoute implements Handler {
  private static final int MOST = 20;
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final Installation installation;
  private final Background background;

  RequestRoute(Installation installation, Background background) {
    this.installation = installation;
    this.background = background;
  }

  @Override
  public BodyReceiver accept(ServerExchange exchange) {
    String id = exchange.query("id");
    if (id != null) {
      background.answer(exchange, () -> one(id));
      return BodyReceiver.ignore();
    }
    String since = exchange.query("since");
    OptionalInt seconds = since == null ? OptionalInt.of(600) : Numbers.natural(since);
    if (seconds.isEmpty()) {
      Answer.refused(400, "bad_request", "since is not a number of seconds: " + since)
          .send(exchange);
    } else {
      background.answer(exchange, () -> slowest(Duration.ofSeconds(seconds.getAsInt())));
    }
    return BodyReceiver.ignore();
  }

  private Answer one(String id) {
    return installation
        .requests()
        .find(id)
        .map(found -> answer(List.of(found)))
        .orElseGet(() ->
            Answer.refused(
                404,
                "not_found",
                "There is no request %s among the latest: its id is in the header x-request-id of its answer, and it is listed once it has ended"
                    .formatted(id)));
  }

  private Answer slowest(Duration since) {
    return answer(installation.requests().slowest(since, MOST));
  }

  private static Answer answer(List<RequestRecord> records) {
    ObjectNode tree = NODES.objectNode();
    ArrayNode items = tree.putArray("items");
    records.forEach(settled -> items.add(json(settled)));
    return Answer.json(200, tree);
  }

  private static ObjectNode json(RequestRecord settled) {
    ObjectNode tree =
        NODES
            .objectNode()
            .put("id", settled.id())
            .put("arrived", settled.arrived().truncatedTo(ChronoUnit.MILLIS).toString())
            .put("model", settled.model())
            .put("kind", settled.kind())
            .put("stream", settled.stream())
            .put("outcome", settled.outcome())
            .put("version", settled.path().version())
            .put("replica", settled.path().replica())
            .put("ahead", settled.path().ahead())
            .put("coldStart", settled.path().coldStart())
            .put("replacements", settled.path().replacements())
            .put("status", settled.ending().status())
            .put("error", settled.ending().error())
            .put("finishReason", settled.ending().finishReason())
            .put("authMillis", millis(settled.times().auth()))
            .put("coldStartMillis", millis(settled.times().coldStart()))
            .put("queueMillis", millis(settled.times().queue()))
            .put("totalMillis", millis(settled.times().total()))
            .put("promptTokens", settled.tokens().prompt())
            .put("cachedTokens", settled.tokens().cached())
            .put("completionTokens", settled.tokens().completion());
    settled
        .times()
        .firstEvent()
        .ifPresentOrElse(
            first -> tree.put("firstEventMillis", millis(first)),
            () -> tree.putNull("firstEventMillis"));
    return tree;
  }

  private static double millis(Duration duration) {
    return Math.round(duration.toNanos() / 1e5) / 10.0;
  }
}
