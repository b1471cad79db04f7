package dev.fairlead.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/// Names the version that a Model's template stands for. Equal templates have equal names on every
/// machine and in every release: the order of the YAML, a default that is written out, and fields
/// that change in place do not matter.
///
/// 1. Keep the rows of the vocabulary that an edit makes a new version of.
/// 2. Leave out values that equal their default, and objects that become empty.
/// 3. Sort names, print compact JSON, take SHA-256, keep 4 bytes as hex.
final class VersionHash {
  private static final int HEX_DIGITS = 8;

  private VersionHash() {}

  /// `NAME-<8 hex>`, with a name cut where the whole would be longer than a resource's may be.
  static String nameOf(String model, ModelVersion.Spec template) {
    String kept = ResourceNames.shortened(model, ResourceNames.MAX_LENGTH - HEX_DIGITS - 1);
    return kept + "-" + of(template);
  }

  static String of(ModelVersion.Spec template) {
    ObjectNode essence = Vocabulary.VERSION_SPEC.writeEssence(template);
    Vocabulary.VERSION_SPEC.fields().stream()
        .filter(field -> field.change() != Field.Change.NEW_VERSION)
        .forEach(field -> essence.remove(field.name()));
    byte[] text =
        ResourceWriter.compact((ObjectNode) sorted(essence)).getBytes(StandardCharsets.UTF_8);
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(text);
      return HexFormat.of().formatHex(digest, 0, HEX_DIGITS / 2);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static JsonNode sorted(JsonNode tree) {
    return switch (tree) {
      case ObjectNode object -> {
        Map<String, JsonNode> fields = new TreeMap<>();
        object.properties().forEach(field -> fields.put(field.getKey(), sorted(field.getValue())));
        yield JsonNodeFactory.instance.objectNode().setAll(fields);
      }
      case ArrayNode array -> {
        ArrayNode items = JsonNodeFactory.instance.arrayNode();
        array.forEach(item -> items.add(sorted(item)));
        yield items;
      }
      default -> tree;
    };
  }
}
