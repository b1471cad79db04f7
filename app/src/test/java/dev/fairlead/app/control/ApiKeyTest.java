package dev.fairlead.app.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApiKeyTest {
  private static final Instant NOW = Instant.parse("2026-11-24T08:00:00Z");

  @TempDir private Path folder = Path.of("");

  private ApiKey obtain(int seed) {
    return ApiKey.obtain(
        StateFolder.of(Map.of("FAIRLEAD_STATE", folder.toString()), folder),
        () -> NOW,
        new Random(seed));
  }

  @Test
  void theKeyIsToldOnceAndAcceptedEverAfter() {
    String key = obtain(1).fresh().orElseThrow();

    ApiKey later = obtain(2);
    assertThat(key).matches("fl-[A-Za-z0-9_-]{43}");
    assertThat(later.fresh()).isEmpty();
    assertThat(later.created()).isEqualTo(NOW);
    assertThat(later.tokens().accepts("Bearer " + key)).isTrue();
    assertThat(later.tokens().accepts("Bearer " + later.sha256())).isFalse();
  }

  @Test
  void theKeyItselfIsKeptNowhere() throws Exception {
    ApiKey made = obtain(1);
    String key = made.fresh().orElseThrow();

    assertThat(made.file()).content().doesNotContain(key).contains(made.sha256());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made.file())))
        .isEqualTo("rw-------");
    assertThat(made.toString()).doesNotContain(key);
  }

  @Test
  void aFileThatCannotBeReadIsNotReplacedSilently() throws Exception {
    ApiKey made = obtain(1);
    Files.writeString(made.file(), "{}");

    assertThatThrownBy(() -> obtain(2)).hasMessageContaining("delete it, and a new key is made");
  }
}
