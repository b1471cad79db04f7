package dev.fairlead.app.tenant;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.core.admit.TenantKey;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What stands in the file of keys: the keys that commands made, and when any key was last used, by
/// its SHA-256. Immutable.
record KeyFile(List<StoredKey> keys, Map<String, Instant> lastUses) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int VERSION = 1;

  static final KeyFile EMPTY = new KeyFile(List.of(), Map.of());

  KeyFile {
    keys = List.copyOf(keys);
    lastUses = Map.copyOf(lastUses);
  }

  KeyFile with(StoredKey key) {
    List<StoredKey> all = new ArrayList<>(keys);
    all.removeIf(old -> old.is(key.tenant(), key.key().name()));
    all.add(key);
    return new KeyFile(all, lastUses);
  }

  KeyFile without(String tenant, String name) {
    return new KeyFile(keys.stream().filter(key -> !key.is(tenant, name)).toList(), lastUses);
  }

  /// With the later of both times for each key; what was not used since `forgotten` and is no key
  /// of this file is forgotten.
  KeyFile used(Map<String, Instant> uses, Instant forgotten) {
    Map<String, Instant> all = new HashMap<>(lastUses);
    uses.forEach((sha256, time) ->
        all.merge(sha256, time, (one, other) -> one.isAfter(other) ? one : other));
    all.entrySet()
        .removeIf(use ->
            use.getValue().isBefore(forgotten)
                && keys.stream().noneMatch(key -> key.key().sha256().equals(use.getKey())));
    return new KeyFile(keys, all);
  }

  Optional<StoredKey> find(String tenant, String name) {
    return keys.stream().filter(key -> key.is(tenant, name)).findFirst();
  }

  /// @throws IOException when this is not such a file
  static KeyFile parse(String text) throws IOException {
    try {
      JsonNode tree = JSON.readTree(text);
      if (tree.required("version").asInt() != VERSION) {
        throw new IOException("it is of another version of Fairlead");
      }
      List<StoredKey> keys = new ArrayList<>();
      for (JsonNode key : tree.required("keys")) {
        keys.add(key(key));
      }
      Map<String, Instant> uses = new HashMap<>();
      tree.required("lastUses")
          .properties()
          .forEach(use -> uses.put(use.getKey(), Instant.parse(use.getValue().asText())));
      return new KeyFile(keys, uses);
    } catch (RuntimeException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static StoredKey key(JsonNode tree) {
    JsonNode expires = tree.path("expires");
    return new StoredKey(
        tree.required("tenant").asText(),
        new TenantKey(
            tree.required("name").asText(),
            tree.required("sha256").asText(),
            expires.isTextual()
                ? Optional.of(Instant.parse(expires.textValue()))
                : Optional.empty()),
        Instant.parse(tree.required("created").asText()));
  }

  String text() {
    ObjectNode tree = JsonNodeFactory.instance.objectNode().put("version", VERSION);
    ArrayNode list = tree.putArray("keys");
    for (StoredKey key : keys) {
      list.addObject()
          .put("tenant", key.tenant())
          .put("name", key.key().name())
          .put("sha256", key.key().sha256())
          .put("created", key.created().toString())
          .put("expires", text(key.key().expires()));
    }
    ObjectNode uses = tree.putObject("lastUses");
    new TreeMap<>(lastUses).forEach((sha256, time) -> uses.put(sha256, time.toString()));
    return tree.toPrettyString() + "\n";
  }

  private static @Nullable String text(Optional<Instant> time) {
    return time.map(Instant::toString).orElse(null);
  }

  /// Without hashes, which have no place in a log.
  @Override
  public String toString() {
    return "KeyFile[%d keys]".formatted(keys.size());
  }
}
