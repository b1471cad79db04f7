package dev.fairlead.artifacts.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ArtifactCacheTest {
  @Test
  void ownVariableComesFirstThenTheSharedOneThenHome() {
    assertThat(root(Map.of("FAIRLEAD_CACHE", "/a", "XDG_CACHE_HOME", "/b", "HOME", "/c")))
        .isEqualTo(Path.of("/a"));
    assertThat(root(Map.of("FAIRLEAD_CACHE", " ", "XDG_CACHE_HOME", "/b", "HOME", "/c")))
        .isEqualTo(Path.of("/b/fairlead"));
    assertThat(root(Map.of("XDG_CACHE_HOME", "relative", "HOME", "/c")))
        .isEqualTo(Path.of("/c/.cache/fairlead"));
  }

  @Test
  void foldersLieUnderTheRoot() {
    ArtifactCache cache = new ArtifactCache(Map.of("FAIRLEAD_CACHE", "/a"));

    assertThat(cache.models()).isEqualTo(Path.of("/a/models"));
    assertThat(cache.engines()).isEqualTo(Path.of("/a/engines"));
    assertThat(cache.downloads()).isEqualTo(Path.of("/a/downloads"));
  }

  private static Path root(Map<String, String> environment) {
    return new ArtifactCache(environment).root();
  }
}
