package dev.fairlead.app.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.fairlead.api.Problem;
import dev.fairlead.api.Resource;
import dev.fairlead.api.ResourceKey;
import dev.fairlead.api.ResourceWriter;
import dev.fairlead.dataplane.net.BodyReceiver;
import dev.fairlead.dataplane.net.ServerExchange;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Lists and changes the resources of an installation. Immutable; safe for every thread.
final class ResourceRoutes {
  private static final int MAX_BODY_BYTES = 4 << 20;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Installation installation;
  private final Background background;

  ResourceRoutes(Installation installation, Background background) {
    this.installation = installation;
    this.background = background;
  }

  /// `GET resources?kind=&name=`.
  BodyReceiver list(ServerExchange exchange) {
    String kind = exchange.query("kind");
    String name = exchange.query("name");
    background.answer(exchange, () -> list(kind, name));
    return BodyReceiver.ignore();
  }

  private Answer list(@Nullable String kind, @Nullable String name) {
    if (kind != null && kind(kind).isEmpty()) {
      return unknownKind(kind);
    }
    var tree = JsonNodeFactory.instance.objectNode();
    var items = tree.putArray("items");
    installation.resources().stream()
        .filter(one -> kind == null || one.resource().kind().word().equals(kind))
        .filter(one -> name == null || one.resource().metadata().name().equals(name))
        .map(one -> ResourceWriter.tree(one.resource(), Optional.of(one.status())))
        .forEach(items::add);
    return Answer.json(200, tree);
  }

  /// `POST apply?file=`.
  BodyReceiver apply(ServerExchange exchange) {
    String file = exchange.query("file");
    String named = file == null || file.isBlank() ? "request" : file;
    return withBody(exchange, text -> apply(text, named));
  }

  private Answer apply(String text, String file) {
    Installation.Applied applied = installation.apply(text, file);
    boolean refused = applied.problems().stream().anyMatch(Problem::isError);
    return Answer.json(refused ? 422 : 200, Wire.applied(applied.lines(), applied.problems()));
  }

  /// `DELETE resources?kind=&name=&namespace=`.
  BodyReceiver delete(ServerExchange exchange) {
    String kind = exchange.query("kind");
    String name = exchange.query("name");
    String namespace = exchange.query("namespace");
    background.answer(exchange, () -> delete(kind, namespace, name));
    return BodyReceiver.ignore();
  }

  private Answer delete(@Nullable String kind, @Nullable String namespace, @Nullable String name) {
    if (kind == null || name == null || name.isEmpty()) {
      return Answer.refused(400, "bad_request", "This needs ?kind=KIND&name=NAME.");
    }
    Optional<Resource.Kind> known = kind(kind);
    if (known.isEmpty()) {
      return unknownKind(kind);
    }
    var key = new ResourceKey(known.get(), namespace == null ? "default" : namespace, name);
    boolean there =
        installation.resources().stream().anyMatch(one -> one.resource().key().equals(key));
    try {
      installation.delete(key);
      return Answer.json(200, Wire.message("%s %s deleted".formatted(kind, name)));
    } catch (Installation.RefusedException e) {
      return refused(there, e);
    }
  }

  /// `POST scale`.
  BodyReceiver scale(ServerExchange exchange) {
    return withBody(exchange, this::scale);
  }

  private Answer scale(String body) {
    JsonNode tree;
    try {
      tree = JSON.readTree(body);
    } catch (JsonProcessingException e) {
      return Answer.refused(400, "bad_request", "The body is not JSON: " + e.getOriginalMessage());
    }
    JsonNode version = tree.path("version");
    JsonNode replicas = tree.path("replicas");
    boolean counted = replicas.isInt() && replicas.intValue() >= 0;
    if (!version.isTextual() || !(counted || replicas.isNull())) {
      return Answer.refused(
          400,
          "bad_request",
          "This needs {\"version\":\"NAME\",\"replicas\":2}, or null to scale by demand.");
    }
    String name = version.textValue();
    try {
      String line =
          installation.scale(
              name, counted ? OptionalInt.of(replicas.intValue()) : OptionalInt.empty());
      return Answer.json(200, Wire.message(line));
    } catch (Installation.RefusedException e) {
      boolean there =
          installation.resources().stream()
              .anyMatch(one -> one.resource().metadata().name().equals(name));
      return refused(there, e);
    }
  }

  private BodyReceiver withBody(ServerExchange exchange, Function<String, Answer> work) {
    return BodyReceiver.whole(
        exchange,
        MAX_BODY_BYTES,
        bytes -> {
          String text = bytes.toString(UTF_8);
          background.answer(exchange, () -> work.apply(text));
        });
  }

  private static Optional<Resource.Kind> kind(String word) {
    return Arrays.stream(Resource.Kind.values()).filter(one -> one.word().equals(word)).findAny();
  }

  private static Answer unknownKind(String kind) {
    String known =
        String.join(", ", Arrays.stream(Resource.Kind.values()).map(Resource.Kind::word).toList());
    return Answer.refused(
        400, "bad_request", "There is no kind %s; there are %s.".formatted(kind, known));
  }

  private static Answer refused(boolean there, Installation.RefusedException why) {
    return there
        ? Answer.refused(409, "conflict", String.valueOf(why.getMessage()))
        : Answer.refused(404, "not_found", String.valueOf(why.getMessage()));
  }
}
