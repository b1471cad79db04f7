package dev.fairlead.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Function;

/// The overview of a running Fairlead, read from its JSON. A field that is missing has its empty
/// value, so that an older command can look at a newer Fairlead.
record Overview(Instant time, List<Model> models, List<Version> versions, List<Tenant> tenants) {
  Overview {
    models = List.copyOf(models);
    versions = List.copyOf(versions);
    tenants = List.copyOf(tenants);
  }

  /// What clients ask for.
  record Model(
      String name,
      String servedName,
      List<String> aliases,
      String state,
      String message,
      String purpose,
      String activeVersion,
      List<String> versions) {}

  /// What runs.
  record Version(
      String name,
      String model,
      String state,
      String message,
      Bounds bounds,
      String engine,
      String source,
      Optional<Artifact> artifact,
      Optional<Preparation> preparation,
      List<Replica> replicas,
      Load load) {
    int readyReplicas() {
      return Math.toIntExact(
          replicas.stream().filter(replica -> replica.phase().equals("Ready")).count());
    }

    /// How many sequences are being decoded.
    int running() {
      return replicas.stream().mapToInt(Replica::running).sum();
    }

    /// How many can be at once.
    int slots() {
      return replicas.stream().mapToInt(Replica::slots).sum();
    }
  }

  /// How many replicas there may be, and shall be.
  record Bounds(int min, int max, int desired, OptionalInt pinned) {}

  /// What the files are.
  record Artifact(
      String format, String architecture, long parameters, long bytes, long contextLength) {}

  /// What is being fetched.
  record Preparation(String label, long bytes, long totalBytes) {}

  /// One engine.
  record Replica(
      String id,
      String phase,
      Optional<Instant> since,
      long pid,
      int slots,
      int running,
      int waiting,
      int restarts,
      String message) {}

  /// What a version does at present. Times in milliseconds.
  record Load(
      int waiting,
      int inFlight,
      double generationTokensPerSecond,
      double promptTokensPerSecond,
      OptionalDouble firstTokenP50,
      OptionalDouble firstTokenP95) {}

  /// Who asks. `limits` are as they are written, with their names.
  record Tenant(
      String name,
      List<String> models,
      int priority,
      boolean overflow,
      Map<String, Long> limits,
      int keys,
      int validKeys,
      Optional<Instant> lastUsed) {}

  static Overview of(JsonNode tree) {
    return new Overview(
        instant(tree.path("time")).orElse(Instant.EPOCH),
        list(tree.path("models"), Overview::model),
        list(tree.path("versions"), Overview::version),
        list(tree.path("tenants"), Overview::tenant));
  }

  Optional<Tenant> tenant(String name) {
    return tenants.stream().filter(tenant -> tenant.name().equals(name)).findFirst();
  }

  Optional<Model> model(String name) {
    return models.stream()
        .filter(model ->
            model.name().equals(name)
                || model.servedName().equals(name)
                || model.aliases().contains(name))
        .findFirst();
  }

  Optional<Version> version(String name) {
    return versions.stream().filter(version -> version.name().equals(name)).findFirst();
  }

  List<Version> versionsOf(Model model) {
    return versions.stream().filter(version -> model.versions().contains(version.name())).toList();
  }

  private static Model model(JsonNode tree) {
    return new Model(
        tree.path("name").asText(),
        tree.path("servedName").asText(),
        list(tree.path("aliases"), JsonNode::asText),
        tree.path("state").asText(),
        text(tree.path("message")),
        text(tree.path("purpose")),
        text(tree.path("activeVersion")),
        list(tree.path("versions"), JsonNode::asText));
  }

  private static Tenant tenant(JsonNode tree) {
    var limits = new LinkedHashMap<String, Long>();
    tree.path("limits")
        .properties()
        .forEach(limit -> limits.put(limit.getKey(), limit.getValue().asLong()));
    return new Tenant(
        tree.path("name").asText(),
        list(tree.path("models"), JsonNode::asText),
        tree.path("priority").asInt(),
        tree.path("overflow").asBoolean(),
        limits,
        tree.path("keys").asInt(),
        tree.path("validKeys").asInt(),
        instant(tree.path("lastUsed")));
  }

  private static Version version(JsonNode tree) {
    JsonNode artifact = tree.path("artifact");
    JsonNode prepare = tree.path("prepare");
    return new Version(
        tree.path("name").asText(),
        text(tree.path("model")),
        tree.path("state").asText(),
        text(tree.path("message")),
        bounds(tree),
        text(tree.path("engine")),
        text(tree.path("source")),
        artifact.isObject() ? Optional.of(artifact(artifact)) : Optional.empty(),
        prepare.isObject() ? Optional.of(preparation(prepare)) : Optional.empty(),
        list(tree.path("replicas"), Overview::replica),
        load(tree));
  }

  private static Bounds bounds(JsonNode tree) {
    JsonNode pinned = tree.path("pinned");
    return new Bounds(
        tree.path("minReplicas").asInt(),
        tree.path("maxReplicas").asInt(),
        tree.path("desiredReplicas").asInt(),
        pinned.isInt() ? OptionalInt.of(pinned.intValue()) : OptionalInt.empty());
  }

  private static Artifact artifact(JsonNode tree) {
    return new Artifact(
        tree.path("format").asText(),
        tree.path("architecture").asText(),
        tree.path("parameters").asLong(),
        tree.path("bytes").asLong(),
        tree.path("contextLength").asLong());
  }

  private static Preparation preparation(JsonNode tree) {
    return new Preparation(
        text(tree.path("label")), tree.path("bytes").asLong(), tree.path("totalBytes").asLong());
  }

  private static Replica replica(JsonNode tree) {
    return new Replica(
        tree.path("id").asText(),
        tree.path("phase").asText(),
        instant(tree.path("since")),
        tree.path("pid").asLong(),
        tree.path("slots").asInt(),
        tree.path("running").asInt(),
        tree.path("waiting").asInt(),
        tree.path("restarts").asInt(),
        text(tree.path("message")));
  }

  private static Load load(JsonNode tree) {
    JsonNode firstToken = tree.path("timeToFirstTokenMillis");
    return new Load(
        tree.path("waiting").asInt(),
        tree.path("inFlight").asInt(),
        tree.path("generationTokensPerSecond").asDouble(),
        tree.path("promptTokensPerSecond").asDouble(),
        number(firstToken.path("p50")),
        number(firstToken.path("p95")));
  }

  private static <T> List<T> list(JsonNode tree, Function<JsonNode, T> read) {
    var items = new ArrayList<T>();
    tree.forEach(item -> items.add(read.apply(item)));
    return List.copyOf(items);
  }

  private static String text(JsonNode tree) {
    return tree.isTextual() ? tree.textValue() : "";
  }

  private static OptionalDouble number(JsonNode tree) {
    return tree.isNumber() ? OptionalDouble.of(tree.doubleValue()) : OptionalDouble.empty();
  }

  private static Optional<Instant> instant(JsonNode tree) {
    return tree.isTextual() ? Optional.of(Instant.parse(tree.textValue())) : Optional.empty();
  }
}
