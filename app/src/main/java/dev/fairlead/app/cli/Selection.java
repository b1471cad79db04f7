package dev.fairlead.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.api.Nearest;
import dev.fairlead.app.cli.Overview.Model;
import dev.fairlead.app.cli.Overview.Tenant;
import dev.fairlead.app.cli.Overview.Version;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// Which models, versions and tenants a user means by words such as `models`, `versions chat-1` or
/// `chat`.
///
/// @param kind the kind that the first word names
/// @param names the others; none means all
record Selection(Optional<Kind> kind, List<String> names) {
  /// The kinds, by the names of the resources.
  enum Kind {
    MODEL("Model"),
    MODEL_VERSION("ModelVersion"),
    TENANT("Tenant");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }

    /// What a user calls several.
    String plural() {
      return switch (this) {
        case MODEL -> "models";
        case MODEL_VERSION -> "versions";
        case TENANT -> "tenants";
      };
    }

    static Optional<Kind> of(String text) {
      return switch (text.toLowerCase(Locale.ROOT)) {
        case "model", "models", "mdl" -> Optional.of(MODEL);
        case "modelversion", "modelversions", "version", "versions", "mv" ->
            Optional.of(MODEL_VERSION);
        case "tenant", "tenants" -> Optional.of(TENANT);
        default -> Optional.empty();
      };
    }
  }

  static Selection of(List<String> words) {
    Optional<Kind> kind = words.isEmpty() ? Optional.empty() : Kind.of(words.getFirst());
    return new Selection(kind, kind.isPresent() ? words.subList(1, words.size()) : words);
  }

  /// The chosen models and versions; all models when nothing is said.
  ///
  /// @throws CliException when there is nothing of a name
  List<Table> tables(Overview overview) {
    boolean models = kind.map(Kind.MODEL::equals).orElse(true);
    boolean versions = kind.map(Kind.MODEL_VERSION::equals).orElse(!names.isEmpty());
    boolean tenants = kind.map(Kind.TENANT::equals).orElse(!names.isEmpty());
    var chosenTenants = new LinkedHashSet<Tenant>();
    var chosenModels = new LinkedHashSet<Model>();
    var chosenVersions = new LinkedHashSet<Version>();
    if (names.isEmpty()) {
      chosenModels.addAll(models ? overview.models() : List.of());
      chosenVersions.addAll(versions ? overview.versions() : List.of());
      chosenTenants.addAll(tenants ? overview.tenants() : List.of());
    }
    for (String name : names) {
      Optional<Model> model = models ? overview.model(name) : Optional.empty();
      Optional<Version> version = versions ? overview.version(name) : Optional.empty();
      Optional<Tenant> tenant = tenants ? overview.tenant(name) : Optional.empty();
      if (model.isEmpty() && version.isEmpty() && tenant.isEmpty()) {
        throw unknown(name, overview);
      }
      model.ifPresent(chosenModels::add);
      version.ifPresent(chosenVersions::add);
      tenant.ifPresent(chosenTenants::add);
    }
    var tables = new ArrayList<Table>();
    if (!chosenModels.isEmpty()) {
      tables.add(Tables.models(overview, List.copyOf(chosenModels)));
    }
    if (!chosenVersions.isEmpty()) {
      tables.add(Tables.versions(List.copyOf(chosenVersions)));
    }
    if (!chosenTenants.isEmpty()) {
      tables.add(Tables.tenants(List.copyOf(chosenTenants), overview.time()));
    }
    return tables;
  }

  /// The chosen ones of these resources; all when nothing is said.
  ///
  /// @throws CliException when there is nothing of a name
  List<JsonNode> documents(List<JsonNode> resources) {
    List<JsonNode> ofKind =
        resources.stream()
            .filter(resource ->
                kind.isEmpty() || kind.get().word().equals(resource.path("kind").asText()))
            .toList();
    for (String name : names) {
      if (ofKind.stream().noneMatch(resource -> name(resource).equals(name))) {
        throw unknown(name, ofKind.stream().map(Selection::name).toList());
      }
    }
    return ofKind.stream()
        .filter(resource -> names.isEmpty() || names.contains(name(resource)))
        .toList();
  }

  static String name(JsonNode resource) {
    return resource.path("metadata").path("name").asText();
  }

  /// Says that there is nothing of this name, and what there is.
  static CliException unknown(String name, Overview overview) {
    return unknown(
        name,
        Stream.of(
                overview.models().stream().map(Model::name),
                overview.versions().stream().map(Version::name),
                overview.tenants().stream().map(Tenant::name))
            .flatMap(names -> names)
            .distinct()
            .toList());
  }

  private static CliException unknown(String name, List<String> known) {
    if (known.isEmpty()) {
      return CliException.failed(
          "there is no model or version `%s`, and no other: add one with `fairlead apply -f FILE`"
              .formatted(name));
    }
    String hint = Nearest.hint(name, known);
    return CliException.failed(
        "there is no model or version `%s`%s"
            .formatted(name, hint.isEmpty() ? "; there are " + String.join(", ", known) : hint));
  }
}
