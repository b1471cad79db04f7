package dev.fairlead.app.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.app.control.StateFolder;
import dev.fairlead.core.admit.TenantKey;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyStoreTest {
  private static final Instant START = Instant.parse("2026-11-24T08:00:00Z");
  private static final String HASH = "0123456789abcdef".repeat(4);

  @TempDir private Path folder = Path.of("");

  private KeyStore open() {
    return KeyStore.open(
        StateFolder.of(Map.of("FAIRLEAD_STATE", folder.resolve("state").toString()), folder));
  }

  private Path file() {
    return folder.resolve("state").resolve("tenant-keys.json");
  }

  private static StoredKey key(String tenant, String name) {
    return new StoredKey(
        tenant, new TenantKey(name, HASH, Optional.of(START.plusSeconds(60))), START);
  }

  @Test
  void whatIsWrittenIsThereAfterARestart() {
    KeyFile written =
        open()
            .update(file ->
                file.with(key("team", "a"))
                    .with(new StoredKey("team", new TenantKey("b", HASH, Optional.empty()), START))
                    .used(Map.of(HASH, START.plusSeconds(5)), START));

    assertThat(open().content()).isEqualTo(written);
    assertThat(written.keys()).hasSize(2);
  }

  @Test
  void onlyTheUserMayReadIt() throws Exception {
    open().update(file -> file.with(key("team", "a")));

    for (Path path : List.of(file(), file().resolveSibling("tenant-keys.lock"))) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
          .as("%s", path)
          .isEqualTo("rw-------");
    }
  }

  @Test
  void nothingIsWrittenWhenNothingChanges() {
    open().update(file -> file);

    assertThat(file()).doesNotExist();
  }

  @Test
  void aChangeThatFailsLeavesEverythingAsItWas() {
    KeyStore store = open();
    store.update(file -> file.with(key("team", "a")));

    assertThatThrownBy(() ->
            store.update(file -> {
              throw new IllegalStateException("no");
            }))
        .hasMessage("no");

    assertThat(store.content()).isEqualTo(open().content());
    assertThat(store.content().keys()).hasSize(1);
  }

  @Test
  void anotherProcessIsHeardAndNotOverwritten() {
    KeyStore one = open();
    KeyStore other = open();
    one.update(file -> file.with(key("team", "a")));

    assertThat(other.refresh()).isTrue();
    assertThat(other.refresh()).isFalse();
    assertThat(other.content().keys()).hasSize(1);

    other.update(file -> file.with(key("team", "b")));
    one.update(file -> file.with(key("team", "c")));
    assertThat(open().content().keys())
        .extracting(stored -> stored.key().name())
        .containsExactly("a", "b", "c");
  }

  @Test
  void manyAtOnceLoseNothing() throws Exception {
    KeyStore store = open();
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<KeyFile>> all =
          IntStream.range(0, 40)
              .mapToObj(
                  i -> threads.submit(() -> store.update(file -> file.with(key("team", "k" + i)))))
              .toList();
      for (Future<KeyFile> one : all) {
        one.get();
      }
    }
    Set<String> names = new HashSet<>();
    open().content().keys().forEach(stored -> names.add(stored.key().name()));
    assertThat(names).hasSize(40);
  }

  @Test
  void aFileThatIsGoneHoldsNoKeys() throws Exception {
    KeyStore store = open();
    store.update(file -> file.with(key("team", "a")));
    Files.delete(file());

    assertThat(store.refresh()).isTrue();
    assertThat(store.content().keys()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "{\"version\": 1}",
        "{\"version\": 2, \"keys\": [], \"lastUses\": {}}",
        "{\"version\": 1, \"keys\": [{}], \"lastUses\": {}}",
        "{\"version\": 1, \"keys\": [], \"lastUses\": {\"x\": \"never\"}}"
      })
  void aFileThatCannotBeReadStopsTheStartAndNotWhatRuns(String text) throws Exception {
    KeyStore store = open();
    store.update(file -> file.with(key("team", "a")));
    Files.writeString(file(), text);

    assertThatThrownBy(this::open)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("tenant-keys.json: restore it, or delete it");
    assertThat(store.refresh()).isFalse();
    assertThat(store.content().keys()).hasSize(1);
    assertThatThrownBy(() -> store.update(file -> file))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("tenant-keys.json");
    assertThat(file()).hasContent(text);
  }

  @Test
  void aUseIsForgottenAfterALongTimeUnlessTheKeyIsStored() {
    KeyFile file =
        KeyFile.EMPTY
            .with(key("team", "a"))
            .used(Map.of(HASH, START, "f".repeat(64), START), Instant.MIN);

    assertThat(file.used(Map.of(), START.plusSeconds(1)).lastUses()).containsOnlyKeys(HASH);
    assertThat(file.used(Map.of(HASH, START.minusSeconds(9)), START).lastUses())
        .containsEntry(HASH, START);
  }
}
