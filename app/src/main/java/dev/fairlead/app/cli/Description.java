package dev.fairlead.app.cli;

import static dev.fairlead.app.cli.Table.Column.number;
import static dev.fairlead.app.cli.Table.Column.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.app.cli.Overview.Model;
import dev.fairlead.app.cli.Overview.Tenant;
import dev.fairlead.app.cli.Overview.Version;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Writes the long text about one model, version or tenant. Reads its arguments only; any thread.
final class Description {
  private static final int EVENTS = 10;

  private final Overview overview;
  private final List<JsonNode> resources;
  private final List<JsonNode> events;

  Description(Overview overview, List<JsonNode> resources, List<JsonNode> events) {
    this.overview = overview;
    this.resources = List.copyOf(resources);
    this.events = List.copyOf(events);
  }

  String ofModel(Model model) {
    List<Version> versions = overview.versionsOf(model);
    var out = new StringBuilder("Model " + model.name() + "\n");
    line(out, "Served as", String.join(", ", names(model)));
    line(out, "State", model.state());
    line(out, "Message", model.message());
    line(out, "Purpose", model.purpose());
    line(out, "Active version", model.activeVersion());
    out.append(resource("Model", model.name()));
    for (Version version : versions) {
      out.append('\n').append(version(version));
    }
    var objects = new HashSet<String>(Set.of(model.name()));
    versions.forEach(version -> addObjects(version, objects));
    return out.append(events(objects)).append(todo(versions, model.servedName())).toString();
  }

  String ofVersion(Version version) {
    var objects = new HashSet<String>();
    addObjects(version, objects);
    String served =
        overview.models().stream()
            .filter(model -> model.versions().contains(version.name()))
            .map(Model::servedName)
            .findFirst()
            .orElse("");
    return version(version)
        + resource("ModelVersion", version.name())
        + events(objects)
        + todo(List.of(version), served);
  }

  /// @param keys the keys of the tenant, as the control port lists them
  String ofTenant(Tenant tenant, List<JsonNode> keys) {
    var out = new StringBuilder("Tenant " + tenant.name() + "\n");
    line(out, "Models", tenant.models().isEmpty() ? "all" : String.join(", ", tenant.models()));
    line(out, "Limits", tenant.limits().isEmpty() ? "none" : Tables.limits(tenant));
    line(out, "Priority", Integer.toString(tenant.priority()));
    line(out, "Overflow", tenant.overflow() ? "allowed" : "not allowed");
    line(out, "Keys", "%d of %d valid".formatted(tenant.validKeys(), tenant.keys()));
    if (!keys.isEmpty()) {
      out.append(indented(Tables.keys(keys).lines()));
    }
    return out.append(resource("Tenant", tenant.name()))
        .append(events(Set.of(tenant.name())))
        .toString();
  }

  private static List<String> names(Model model) {
    var names = new ArrayList<String>(List.of(model.servedName()));
    names.addAll(model.aliases());
    return names;
  }

  private static void addObjects(Version version, Set<String> objects) {
    objects.add(version.name());
    version.replicas().forEach(replica -> objects.add(replica.id()));
  }

  private String version(Version version) {
    var out = new StringBuilder("Version " + version.name() + "\n");
    line(out, "Model", version.model());
    line(out, "State", version.state());
    line(out, "Message", version.message());
    line(out, "Source", version.source());
    line(out, "Engine", version.engine());
    version.artifact().ifPresent(artifact -> line(out, "Files", files(artifact)));
    if (version.preparation().isPresent()) {
      line(out, "Preparing", Tables.progress(version));
    }
    line(out, "Replicas", replicas(version));
    line(out, "Load", load(version));
    if (!version.replicas().isEmpty()) {
      out.append(indented(Tables.replicas(version, overview.time()).lines()));
    }
    return out.toString();
  }

  private static String files(Overview.Artifact artifact) {
    return "%s, %s, %s parameters, %s, context of %,d tokens"
        .formatted(
            artifact.format(),
            artifact.architecture(),
            artifact.parameters() > 0 ? Quantities.parameters(artifact.parameters()) : "unknown",
            Quantities.bytes(artifact.bytes()),
            artifact.contextLength());
  }

  private static String replicas(Version version) {
    var bounds = version.bounds();
    String allowed =
        bounds.pinned().isPresent()
            ? "pinned to %d (`fairlead scale %s --replicas auto` ends that)"
                .formatted(bounds.pinned().getAsInt(), version.name())
            : "%d to %d allowed".formatted(bounds.min(), bounds.max());
    return "%d ready of %d wanted, %s"
        .formatted(version.readyReplicas(), bounds.desired(), allowed);
  }

  private static String load(Version version) {
    var load = version.load();
    var parts =
        new ArrayList<String>(
            List.of(
                load.inFlight() + " in flight",
                load.waiting() + " waiting",
                Quantities.rate(load.generationTokensPerSecond()) + " tokens/s"));
    load.firstTokenP50()
        .ifPresent(millis -> parts.add("first token in " + Quantities.millis(millis) + " (p50)"));
    load.firstTokenP95().ifPresent(millis -> parts.add(Quantities.millis(millis) + " (p95)"));
    return String.join(", ", parts);
  }

  private String resource(String kind, String name) {
    Optional<JsonNode> found =
        resources.stream()
            .filter(resource -> resource.path("kind").asText().equals(kind))
            .filter(resource -> Selection.name(resource).equals(name))
            .findFirst();
    if (found.isEmpty()) {
      return "";
    }
    String spec = indented(Yaml.print(found.get().path("spec")).lines().toList());
    return "\nSpec\n" + spec + conditions(found.get().path("status").path("conditions"));
  }

  private String conditions(JsonNode conditions) {
    var table =
        new Table(
            text("CONDITION"), text("STATUS"), number("SINCE"), text("REASON"), text("MESSAGE"));
    for (JsonNode condition : conditions) {
      table.row(
          condition.path("type").asText(),
          condition.path("status").asText(),
          age(condition.path("lastTransitionTime").asText()),
          condition.path("reason").asText(),
          condition.path("message").asText().replaceAll("\\s*\\R\\s*", " "));
    }
    return table.isEmpty() ? "" : "\nConditions\n" + indented(table.lines());
  }

  private String events(Set<String> objects) {
    List<JsonNode> own =
        events.stream().filter(event -> about(event.path("object").asText(), objects)).toList();
    if (own.isEmpty()) {
      return "\nEvents: none yet\n";
    }
    List<JsonNode> latest = own.subList(Math.max(0, own.size() - EVENTS), own.size());
    var table = new Table(number("AGE"), text("TYPE"), text("REASON"), text("MESSAGE"));
    for (JsonNode event : latest) {
      table.row(
          age(event.path("time").asText()),
          event.path("type").asText(),
          event.path("reason").asText(),
          event.path("message").asText().lines().findFirst().orElse(""));
    }
    List<String> rows = table.lines();
    var lines = new ArrayList<String>();
    lines.add(rows.getFirst());
    for (int i = 0; i < latest.size(); i++) {
      lines.add(rows.get(i + 1));
      // A crash quotes the engine's last lines, which say why.
      latest
          .get(i)
          .path("message")
          .asText()
          .lines()
          .skip(1)
          .forEach(line -> lines.add("      " + line));
    }
    return "\nEvents\n" + indented(lines);
  }

  /// Objects are names, with or without their kind before them: `ModelVersion/chat-1`.
  private static boolean about(String object, Set<String> objects) {
    return objects.contains(object.substring(object.lastIndexOf('/') + 1));
  }

  private String age(String time) {
    return time.isEmpty()
        ? "-"
        : Quantities.age(Duration.between(Instant.parse(time), overview.time()));
  }

  private static String todo(List<Version> versions, String servedName) {
    String advice =
        versions.stream()
            .flatMap(version -> advice(version, servedName).stream())
            .distinct()
            .collect(Collectors.joining("\n  "));
    return advice.isEmpty() ? "" : "\nWhat to do\n  " + advice + "\n";
  }

  private static Optional<String> advice(Version version, String servedName) {
    return switch (version.state()) {
      case "Failed" ->
          Optional.of(
              "%s See its output: fairlead logs %s --previous"
                  .formatted(version.message(), version.name())
                  .strip());
      case "Idle" ->
          servedName.isEmpty()
              ? Optional.empty()
              : Optional.of("The first request starts it: fairlead chat " + servedName);
      case "Preparing", "Starting", "Progressing" ->
          Optional.of("Wait; watch it with: fairlead get versions %s -w".formatted(version.name()));
      case "Ready" ->
          servedName.isEmpty()
              ? Optional.empty()
              : Optional.of("Talk to it: fairlead chat " + servedName);
      default -> Optional.empty();
    };
  }

  private static void line(StringBuilder out, String name, String value) {
    if (!value.isEmpty()) {
      out.append(
          String.format("  %-16s%s%n", name + ":", value.replaceAll("\\R", "\n" + " ".repeat(18))));
    }
  }

  private static String indented(List<String> lines) {
    return lines.stream().map(line -> "  " + line + "\n").collect(Collectors.joining());
  }
}
