package dev.fairlead.app.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.fairlead.dataplane.net.Tokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// The key that a listener needs that is not on loopback. It is made once and told once; only its
/// SHA-256 is kept.
///
/// @param sha256 in hexadecimal
/// @param file where the digest is kept: without that file a new key is made
/// @param fresh the key itself, when it was made just now; it is to be printed and forgotten
public record ApiKey(String sha256, Instant created, Path file, Optional<String> fresh) {
  /// Reads what is known of the key, or makes one.
  ///
  /// @throws IllegalStateException when the file is there and cannot be read; it says what to do
  public static ApiKey obtain(StateFolder state, InstantSource clock, RandomGenerator random) {
    Path file = state.path().resolve("api-key.json");
    if (Files.exists(file)) {
      return read(file);
    }
    SecretKey key = SecretKey.make(random);
    var made = new ApiKey(key.sha256(), clock.instant(), file, Optional.of(key.text()));
    var tree =
        JsonNodeFactory.instance
            .objectNode()
            .put("sha256", made.sha256())
            .put("created", made.created().toString());
    state.write(file, tree.toPrettyString() + "\n");
    return made;
  }

  private static ApiKey read(Path file) {
    try {
      JsonNode tree = new ObjectMapper().readTree(file.toFile());
      String sha256 = tree.required("sha256").asText();
      var _ = Tokens.ofDigests(List.of(sha256));
      Instant created = Instant.parse(tree.required("created").asText());
      return new ApiKey(sha256, created, file, Optional.empty());
    } catch (IOException | RuntimeException e) {
      throw new IllegalStateException(
          "cannot read the key's digest in %s: delete it, and a new key is made".formatted(file),
          e);
    }
  }

  /// What the listener accepts.
  public Tokens tokens() {
    return Tokens.ofDigests(List.of(sha256));
  }

  /// The key stays out of logs.
  @Override
  public String toString() {
    return "ApiKey[created=%s, file=%s]".formatted(created, file);
  }
}
