package dev.fairlead.app.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.fairlead.app.control.Installation.RefusedException;
import dev.fairlead.app.control.SecretKey;
import dev.fairlead.app.control.StateFolder;
import dev.fairlead.app.control.TenantKeyring.Created;
import dev.fairlead.app.control.TenantKeyring.Described;
import dev.fairlead.app.control.TenantKeyring.Origin;
import dev.fairlead.app.control.TenantKeyring.Validity;
import dev.fairlead.app.journal.Journal;
import dev.fairlead.core.admit.Caller;
import dev.fairlead.core.admit.Limits;
import dev.fairlead.core.admit.Tenant;
import dev.fairlead.core.admit.TenantKey;
import dev.fairlead.core.admit.TenantSpec;
import dev.fairlead.dataplane.gateway.TenantKeys;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyringTest {
  private static final Instant START = Instant.parse("2026-11-24T08:00:00Z");
  private static final SecretKey WRITTEN = new SecretKey("fl-written");

  @TempDir private Path folder = Path.of("");
  private Instant now = START;
  private final Random random = new Random(1);
  private final Journal journal = new Journal(() -> now);
  private Fairlead fairlead = new Fairlead(Path.of(""));

  /// What one process has.
  private final class Fairlead {
    final TenantKeys gateway = new TenantKeys(() -> now);
    final Keyring ring;

    Fairlead(Path state) {
      ring =
          new Keyring(
              new Keyring.Parts(
                  KeyStore.open(StateFolder.of(Map.of("FAIRLEAD_STATE", state.toString()), state)),
                  gateway,
                  journal,
                  () -> now,
                  random));
    }

    Optional<Caller> find(SecretKey key) {
      return gateway.find("Bearer " + key.text());
    }
  }

  @BeforeEach
  void start() {
    fairlead = new Fairlead(folder);
    fairlead.ring.tenants(List.of(spec("team")));
  }

  private static TenantSpec spec(String name, TenantKey... keys) {
    return new TenantSpec(
        new Tenant(name, Limits.NONE, 0, Set.of(), false, Optional.empty()), List.of(keys));
  }

  private static TenantKey written(String name) {
    return new TenantKey(name, WRITTEN.sha256(), Optional.empty());
  }

  private Created create(String name) {
    return fairlead.ring.create("team", Optional.of(name), new Validity.Unlimited());
  }

  private List<Described> keys() {
    return fairlead.ring.keys("team");
  }

  @Test
  void aKeyIsValidAtOnceAndAfterARestart() {
    Created made = create("spring");

    assertThat(made.key().text()).matches("fl-[A-Za-z0-9_-]{43}");
    assertThat(fairlead.find(made.key())).contains(new Caller(spec("team").tenant(), "spring"));

    Fairlead again = new Fairlead(folder);
    assertThat(again.find(made.key())).as("no tenant yet").isEmpty();
    again.ring.tenants(List.of(spec("team")));
    assertThat(again.find(made.key())).isPresent();
  }

  @Test
  void theKeyIsWrittenNowhere() throws Exception {
    Created made = create("spring");
    fairlead.find(made.key());
    fairlead.ring.saveUses();

    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.toList())
          .isNotEmpty()
          .allSatisfy(file -> assertThat(file).content().doesNotContain(made.key().text()));
    }
    assertThat(journal.events().toString() + made + keys() + fairlead.ring.summaries())
        .contains("spring")
        .doesNotContain(made.key().text())
        .doesNotContain(made.key().sha256());
  }

  @Test
  void keysWithoutANameAreCounted() {
    create("key-2");

    assertThat(fairlead.ring.create("team", Optional.empty(), new Validity.Unlimited()).name())
        .isEqualTo("key-1");
    assertThat(fairlead.ring.create("team", Optional.empty(), new Validity.Unlimited()).name())
        .isEqualTo("key-3");
  }

  @Test
  void rotationOverlapsForAsLongAsIsAsked() {
    Created winter = create("winter");
    Created spring = create("spring");

    String line = fairlead.ring.revoke("team", "winter", Duration.ofHours(24));
    assertThat(line).contains("valid until 2026-11-25T08:00:00Z");
    assertThat(fairlead.find(winter.key())).isPresent();
    assertThat(fairlead.find(spring.key())).isPresent();

    now = START.plus(Duration.ofHours(24));
    assertThat(fairlead.find(winter.key())).isEmpty();
    assertThat(fairlead.find(spring.key())).isPresent();
    assertThat(keys()).extracting(Described::valid).containsExactly(true, false);
  }

  @Test
  void aLaterEndDoesNotLengthenALife() {
    fairlead.ring.create("team", Optional.of("short"), new Validity.For(Duration.ofMinutes(5)));

    fairlead.ring.revoke("team", "short", Duration.ofHours(24));

    assertThat(keys().getFirst().expires()).contains(START.plusSeconds(300));
  }

  @Test
  void aRevokedKeyIsGoneAtOnceAndItsNameIsFree() {
    Created made = create("spring");

    fairlead.ring.revoke("team", "spring", Duration.ZERO);

    assertThat(fairlead.find(made.key())).isEmpty();
    assertThat(keys()).isEmpty();
    assertThat(fairlead.find(create("spring").key())).isPresent();
    assertThat(fairlead.find(made.key())).isEmpty();
    assertThat(journal.events())
        .extracting(event -> event.note().reason())
        .containsExactly("KeyCreated", "KeyRevoked", "KeyCreated");
  }

  @Test
  void anExpiryIsCountedFromNowOrIsAMoment() {
    Created soon =
        fairlead.ring.create("team", Optional.of("a"), new Validity.For(Duration.ofDays(90)));
    Created then =
        fairlead.ring.create("team", Optional.of("b"), new Validity.Until(START.plusSeconds(1)));

    assertThat(soon.expires()).contains(START.plus(Duration.ofDays(90)));
    now = START.plusSeconds(1);
    assertThat(fairlead.find(soon.key())).isPresent();
    assertThat(fairlead.find(then.key())).isEmpty();
  }

  @Test
  void aTenantThatIsGoneTakesItsKeysAlongAndMayComeBack() {
    Created made = create("spring");

    fairlead.ring.tenants(List.of());
    assertThat(fairlead.find(made.key())).isEmpty();
    assertThat(keys()).extracting(Described::valid).containsExactly(false);
    assertThatThrownBy(() -> create("summer")).hasMessageContaining("no tenant `team`");

    fairlead.ring.tenants(List.of(spec("team")));
    assertThat(fairlead.find(made.key())).isPresent();
    fairlead.ring.tenants(List.of());
    fairlead.ring.revoke("team", "spring", Duration.ZERO);
    assertThatThrownBy(this::keys).isInstanceOf(RefusedException.class);
  }

  @Test
  void keysOfTheResourceStandBesideThoseOfCommands() {
    fairlead.ring.tenants(List.of(spec("team", written("git"))));
    create("spring");

    assertThat(keys())
        .extracting(Described::name, Described::origin, Described::valid)
        .containsExactly(
            tuple("git", Origin.RESOURCE, true), tuple("spring", Origin.COMMAND, true));
    assertThat(fairlead.find(WRITTEN).orElseThrow().key()).isEqualTo("git");
    assertThatThrownBy(() -> create("git")).hasMessageContaining("a key `git` already");
    assertThatThrownBy(() -> fairlead.ring.revoke("team", "git", Duration.ZERO))
        .hasMessageContaining("stands in the resource of tenant `team`: take it out there");

    fairlead.ring.tenants(List.of(spec("team")));
    assertThat(fairlead.find(WRITTEN)).isEmpty();
  }

  @Test
  void whatCannotBeDoneIsSaidInWords() {
    create("spring");
    Validity past = new Validity.Until(START);

    assertThatThrownBy(() -> create("spring")).hasMessageContaining("choose another name");
    assertThatThrownBy(() -> create("My Key")).hasMessageContaining("take `my-key`");
    assertThatThrownBy(() -> fairlead.ring.create("team", Optional.empty(), past))
        .hasMessageContaining("would not be valid now");
    assertThatThrownBy(() -> fairlead.ring.keys("nobody"))
        .hasMessage("There is no tenant `nobody`; there are team.");
    assertThatThrownBy(() -> fairlead.ring.revoke("team", "summer", Duration.ZERO))
        .hasMessageContaining("has no key `summer`");
    assertThat(keys()).hasSize(1);
  }

  @Test
  void lastUsesAreWrittenOnlyWhenAKeyWasUsedAndOutliveARestart() throws Exception {
    Created made = create("spring");
    fairlead.ring.tenants(List.of(spec("team", written("git"))));
    Path file = folder.resolve("tenant-keys.json");
    String before = Files.readString(file);

    fairlead.ring.saveUses();
    assertThat(file).hasContent(before);

    now = START.plusSeconds(10);
    fairlead.find(made.key());
    fairlead.find(WRITTEN);
    assertThat(file).as("a request writes nothing").hasContent(before);
    assertThat(keys()).extracting(Described::lastUsed).containsOnly(Optional.of(now));
    fairlead.ring.saveUses();

    Fairlead again = new Fairlead(folder);
    again.ring.tenants(List.of(spec("team", written("git"))));
    assertThat(again.ring.keys("team"))
        .extracting(Described::lastUsed)
        .containsOnly(Optional.of(now));
    assertThat(again.ring.summaries().getFirst().lastUsed()).contains(now);
  }

  @Test
  void aKeyThatAnotherProcessEndedIsNotValidHereEither() {
    Created made = create("spring");
    Fairlead other = new Fairlead(folder);
    other.ring.tenants(List.of(spec("team")));
    assertThat(other.find(made.key())).isPresent();

    fairlead.ring.revoke("team", "spring", Duration.ZERO);
    other.ring.refresh();

    assertThat(other.find(made.key())).isEmpty();
  }
}
