package dev.fairlead.app.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.api.TimeText;
import dev.fairlead.app.control.TenantKeyring.Validity;
import dev.fairlead.dataplane.net.BodyReceiver;
import dev.fairlead.dataplane.net.ServerExchange;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;

/// Lists, makes and ends the keys of tenants. Immutable; safe for every thread.
final class TenantRoutes {
  private static final int MAX_BODY_BYTES = 64 << 10;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final TenantKeyring keyring;
  private final Background background;

  TenantRoutes(TenantKeyring keyring, Background background) {
    this.keyring = keyring;
    this.background = background;
  }

  /// `GET tenant-keys?tenant=`.
  BodyReceiver list(ServerExchange exchange) {
    String tenant = exchange.query("tenant");
    if (tenant == null) {
      return bad(exchange, "This needs ?tenant=NAME.");
    }
    background.answer(
        exchange,
        () ->
            granted(() -> {
              ObjectNode tree = NODES.objectNode();
              ArrayNode items = tree.putArray("items");
              keyring.keys(tenant).forEach(key -> items.add(json(key)));
              return Answer.json(200, tree);
            }));
    return BodyReceiver.ignore();
  }

  /// `POST tenant-keys` with `tenant`, and perhaps `name` and `expires` (a time) or
  /// `expiresInSeconds`. The answer is the only place where the key is told.
  BodyReceiver create(ServerExchange exchange) {
    return BodyReceiver.whole(
        exchange,
        MAX_BODY_BYTES,
        bytes -> {
          String text = bytes.toString(UTF_8);
          background.answer(exchange, () -> create(text));
        });
  }

  private Answer create(String body) {
    JsonNode tree;
    try {
      tree = JSON.readTree(body);
    } catch (JsonProcessingException _) {
      // Not the parser's words: they quote the body.
      return Answer.refused(400, "bad_request", "The body is not JSON.");
    }
    Optional<Validity> validity = validity(tree);
    if (!tree.path("tenant").isTextual() || validity.isEmpty()) {
      return Answer.refused(
          400,
          "bad_request",
          "This needs {\"tenant\":\"NAME\"}, and may have a name, and expires (a time) or"
              + " expiresInSeconds.");
    }
    Optional<String> name = Optional.ofNullable(tree.path("name").textValue());
    return granted(() -> {
      TenantKeyring.Created made =
          keyring.create(tree.path("tenant").textValue(), name, validity.orElseThrow());
      ObjectNode answer =
          NODES
              .objectNode()
              .put("name", made.name())
              .put("key", made.key().text())
              .put("sha256", made.key().sha256());
      putTime(answer, "expires", made.expires());
      return Answer.json(200, answer);
    });
  }

  private static Optional<Validity> validity(JsonNode tree) {
    JsonNode end = tree.path("expires");
    JsonNode seconds = tree.path("expiresInSeconds");
    if (end.isTextual()) {
      return TimeText.parse(end.textValue()).map(Validity.Until::new);
    }
    if (seconds.isInt()) {
      return Optional.of(new Validity.For(Duration.ofSeconds(seconds.intValue())));
    }
    boolean none =
        (end.isMissingNode() || end.isNull()) && (seconds.isMissingNode() || seconds.isNull());
    return none ? Optional.of(new Validity.Unlimited()) : Optional.empty();
  }

  /// `DELETE tenant-keys?tenant=&name=&after=SECONDS`.
  BodyReceiver revoke(ServerExchange exchange) {
    String tenant = exchange.query("tenant");
    String name = exchange.query("name");
    String after = exchange.query("after");
    OptionalInt seconds = after == null ? OptionalInt.of(0) : Numbers.natural(after);
    if (tenant == null || name == null || seconds.isEmpty()) {
      return bad(exchange, "This needs ?tenant=NAME&name=KEY, and may have after=SECONDS.");
    }
    background.answer(
        exchange,
        () ->
            granted(() ->
                Answer.json(
                    200,
                    Wire.message(
                        keyring.revoke(tenant, name, Duration.ofSeconds(seconds.getAsInt()))))));
    return BodyReceiver.ignore();
  }

  private static BodyReceiver bad(ServerExchange exchange, String message) {
    Answer.refused(400, "bad_request", message).send(exchange);
    return BodyReceiver.ignore();
  }

  private static Answer granted(Supplier<Answer> work) {
    try {
      return work.get();
    } catch (Installation.RefusedException e) {
      return Answer.refused(409, "conflict", String.valueOf(e.getMessage()));
    }
  }

  private static ObjectNode json(TenantKeyring.Described key) {
    ObjectNode tree =
        NODES
            .objectNode()
            .put("name", key.name())
            .put("origin", key.origin().name().toLowerCase(Locale.ROOT))
            .put("valid", key.valid());
    putTime(tree, "created", key.created());
    putTime(tree, "expires", key.expires());
    putTime(tree, "lastUsed", key.lastUsed());
    return tree;
  }

  private static void putTime(ObjectNode tree, String name, Optional<Instant> time) {
    tree.put(name, time.map(Instant::toString).orElse(null));
  }
}
