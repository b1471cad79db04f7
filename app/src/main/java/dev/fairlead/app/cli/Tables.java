package dev.fairlead.app.cli;

import static dev.fairlead.app.cli.Table.Column.number;
import static dev.fairlead.app.cli.Table.Column.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.app.cli.Overview.Model;
import dev.fairlead.app.cli.Overview.Tenant;
import dev.fairlead.app.cli.Overview.Version;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/// The tables of `get`, `top` and `describe`. Every method is a function of its arguments.
final class Tables {
  private static final int SHORT = 100;

  private Tables() {}

  static Table models(Overview overview, List<Model> models) {
    var table =
        new Table(
            text("NAME"),
            text("SERVED AS"),
            text("STATE"),
            text("READY"),
            text("VERSION"),
            text("MESSAGE"));
    for (Model model : models) {
      List<Version> versions = overview.versionsOf(model);
      int ready = versions.stream().mapToInt(Version::readyReplicas).sum();
      int desired = versions.stream().mapToInt(version -> version.bounds().desired()).sum();
      table.row(
          model.name(),
          model.servedName(),
          model.state(),
          ready + "/" + desired,
          dash(model.activeVersion()),
          first(model.message()));
    }
    return table;
  }

  static Table versions(List<Version> versions) {
    var table =
        new Table(
            text("NAME"),
            text("MODEL"),
            text("STATE"),
            text("READY"),
            text("ALLOWED"),
            text("ENGINE"),
            number("PARAMETERS"),
            number("SIZE"),
            number("CONTEXT"),
            text("MESSAGE"));
    for (Version version : versions) {
      var artifact = version.artifact();
      table.row(
          version.name(),
          dash(version.model()),
          version.state(),
          version.readyReplicas() + "/" + version.bounds().desired(),
          allowed(version.bounds()),
          dash(version.engine()),
          artifact.map(known -> dash(Quantities.parameters(known.parameters()))).orElse("-"),
          artifact.map(known -> Quantities.bytes(known.bytes())).orElse("-"),
          artifact.map(known -> Long.toString(known.contextLength())).orElse("-"),
          progress(version));
    }
    return table;
  }

  static Table tenants(List<Tenant> tenants, Instant now) {
    var table =
        new Table(
            text("NAME"),
            text("KEYS"),
            number("LAST USE"),
            number("PRIORITY"),
            text("MODELS"),
            text("LIMITS"));
    for (Tenant tenant : tenants) {
      table.row(
          tenant.name(),
          tenant.validKeys() + "/" + tenant.keys(),
          ago(tenant.lastUsed(), now),
          Integer.toString(tenant.priority()),
          tenant.models().isEmpty() ? "all" : first(String.join(", ", tenant.models())),
          limits(tenant));
    }
    return table;
  }

  static String limits(Tenant tenant) {
    return dash(
        tenant.limits().entrySet().stream()
            .map(limit -> "%s %,d".formatted(limit.getKey(), limit.getValue()))
            .collect(Collectors.joining(", ")));
  }

  private static String ago(Optional<Instant> time, Instant now) {
    return time.map(then -> Quantities.age(Duration.between(then, now)) + " ago").orElse("-");
  }

  /// The keys of a tenant, as the control port lists them.
  static Table keys(List<JsonNode> keys) {
    var table =
        new Table(
            text("NAME"),
            text("STATE"),
            text("CREATED"),
            text("EXPIRES"),
            text("LAST USE"),
            text("FROM"));
    for (JsonNode key : keys) {
      table.row(
          key.path("name").asText(),
          key.path("valid").asBoolean() ? "valid" : "not valid",
          dash(key.path("created").asText("")),
          key.path("expires").asText("never"),
          dash(key.path("lastUsed").asText("")),
          key.path("origin").asText());
    }
    return table;
  }

  static Table top(List<Version> versions) {
    var table =
        new Table(
            text("MODEL"),
            text("VERSION"),
            text("STATE"),
            number("REPLICAS"),
            number("RUNNING"),
            number("WAITING"),
            number("TOKENS/S"),
            number("PROMPT/S"),
            number("TTFT P50"),
            number("TTFT P95"));
    for (Version version : versions) {
      var load = version.load();
      table.row(
          dash(version.model()),
          version.name(),
          version.state(),
          version.readyReplicas() + "/" + version.bounds().desired(),
          version.running() + "/" + version.slots(),
          Integer.toString(load.waiting()),
          Quantities.rate(load.generationTokensPerSecond()),
          Quantities.rate(load.promptTokensPerSecond()),
          millis(load.firstTokenP50()),
          millis(load.firstTokenP95()));
    }
    return table;
  }

  static Table replicas(Version version, Instant now) {
    var table =
        new Table(
            text("REPLICA"),
            text("PHASE"),
            number("FOR"),
            number("PID"),
            number("RUNNING"),
            number("WAITING"),
            number("RESTARTS"),
            text("MESSAGE"));
    for (var replica : version.replicas()) {
      table.row(
          replica.id(),
          replica.phase(),
          replica.since().map(since -> Quantities.age(Duration.between(since, now))).orElse("-"),
          replica.pid() > 0 ? Long.toString(replica.pid()) : "-",
          replica.running() + "/" + replica.slots(),
          Integer.toString(replica.waiting()),
          Integer.toString(replica.restarts()),
          first(replica.message()));
    }
    return table;
  }

  private static String allowed(Overview.Bounds bounds) {
    return bounds.pinned().isPresent()
        ? bounds.pinned().getAsInt() + " (pinned)"
        : bounds.min() + "-" + bounds.max();
  }

  /// What is being fetched, with how far that is; else the message.
  static String progress(Version version) {
    if (version.preparation().isEmpty()) {
      return first(version.message());
    }
    var preparation = version.preparation().get();
    if (preparation.totalBytes() <= 0) {
      return "%s: %s".formatted(preparation.label(), Quantities.bytes(preparation.bytes()));
    }
    return "%s: %s of %s, %d %%"
        .formatted(
            preparation.label(),
            Quantities.bytes(preparation.bytes()),
            Quantities.bytes(preparation.totalBytes()),
            100 * preparation.bytes() / preparation.totalBytes());
  }

  /// The first line, not too long.
  static String first(String message) {
    String line = message.lines().findFirst().orElse("");
    return line.length() <= SHORT ? line : line.substring(0, SHORT - 1) + "…";
  }

  private static String dash(String text) {
    return text.isEmpty() ? "-" : text;
  }

  private static String millis(OptionalDouble millis) {
    return millis.isPresent() ? Quantities.millis(millis.getAsDouble()) : "-";
  }
}
