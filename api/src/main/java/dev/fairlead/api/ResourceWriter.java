package dev.fairlead.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.util.StringQuotingChecker;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Prints resources: what it prints, {@link ResourceParser} reads back as the same. Fields that
/// were not set are left out. Pure; any thread may call it.
public final class ResourceWriter {
  private static final ObjectMapper YAML =
      new ObjectMapper(
          YAMLFactory.builder()
              .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
              .disable(YAMLGenerator.Feature.SPLIT_LINES)
              .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
              .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
              .stringQuotingChecker(new Quoting())
              .build());
  private static final ObjectMapper JSON = new ObjectMapper();

  private ResourceWriter() {}

  /// One resource as a YAML document.
  public static String yaml(Resource resource) {
    return yaml(resource, Optional.empty());
  }

  /// Several resources as YAML documents.
  public static String yaml(List<? extends Resource> resources) {
    return resources.stream().map(ResourceWriter::yaml).collect(Collectors.joining("---\n"));
  }

  /// One resource with its status as a YAML document.
  public static String yaml(Resource resource, Optional<ResourceStatus> status) {
    return print(YAML, tree(resource, status));
  }

  /// One resource with its status as indented JSON.
  public static String json(Resource resource, Optional<ResourceStatus> status) {
    return tree(resource, status).toPrettyString() + "\n";
  }

  /// One resource with its status as a tree that the caller owns.
  public static ObjectNode tree(Resource resource, Optional<ResourceStatus> status) {
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    tree.put("apiVersion", Resource.API_VERSION).put("kind", resource.kind().word());
    tree.setAll((ObjectNode) Vocabulary.of(resource.kind()).write(resource));
    status.ifPresent(known ->
        tree.set(
            "status",
            switch (known) {
              case ModelStatus model -> StatusVocabulary.MODEL.write(model);
              case ModelVersionStatus version -> StatusVocabulary.MODEL_VERSION.write(version);
              case TenantStatus tenant -> StatusVocabulary.TENANT.write(tenant);
            }));
    return tree;
  }

  /// The shortest JSON, for hashing.
  static String compact(ObjectNode tree) {
    return print(JSON, tree);
  }

  private static String print(ObjectMapper mapper, ObjectNode tree) {
    try {
      return mapper.writeValueAsString(tree);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /// Leaves out quotes only where no YAML reader, of 1.1 or 1.2, could take the text for anything
  /// else.
  private static final class Quoting extends StringQuotingChecker {
    private static final long serialVersionUID = 1;
    private static final Pattern PLAIN =
        Pattern.compile("[A-Za-z/][A-Za-z0-9_./=#@+-]*(:[A-Za-z0-9_./=#@+-]+)*");
    private static final Set<String> RESERVED =
        Set.of("true", "false", "null", "yes", "no", "on", "off", "y", "n");

    @Override
    public boolean needToQuoteName(String name) {
      return needToQuoteValue(name);
    }

    @Override
    public boolean needToQuoteValue(String value) {
      return !PLAIN.matcher(value).matches() || RESERVED.contains(value.toLowerCase(Locale.ROOT));
    }
  }
}
