package dev.fairlead.dataplane.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.admit.Caller;
import dev.fairlead.core.admit.Limits;
import dev.fairlead.core.admit.Tenant;
import dev.fairlead.core.admit.TenantKey;
import dev.fairlead.dataplane.gateway.TenantKeys.Holding;
import dev.fairlead.dataplane.net.BearerToken;
import dev.fairlead.dataplane.net.Tokens;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class TenantKeysTest {
  private static final Instant START = Instant.parse("2026-11-24T08:00:00Z");
  private static final Tenant TEAM = tenant("team", Limits.NONE);

  private Instant now = START;
  private final TenantKeys keys = new TenantKeys(() -> now);

  private static Tenant tenant(String name, Limits limits) {
    return new Tenant(name, limits, 3, Set.of(), false, Optional.empty());
  }

  static Holding holding(Tenant tenant, String name, String key, @Nullable Instant expires) {
    return new Holding(tenant, new TenantKey(name, sha256(key), Optional.ofNullable(expires)));
  }

  private static String sha256(String key) {
    return HexFormat.of().formatHex(BearerToken.digest("Bearer " + key).orElseThrow());
  }

  @Test
  void aKeyLeadsToItsTenantAndItsName() {
    keys.replace(
        List.of(
            holding(TEAM, "spring", "fl-1", null),
            holding(TEAM, "summer", "fl-2", null),
            holding(tenant("other", Limits.NONE), "spring", "fl-3", null)));

    assertThat(keys.find("Bearer fl-1")).contains(new Caller(TEAM, "spring"));
    assertThat(keys.find("bearer  fl-2 ")).contains(new Caller(TEAM, "summer"));
    assertThat(keys.find("Bearer fl-3").orElseThrow().tenant().name()).isEqualTo("other");
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        "fl-1",
        "Basic fl-1",
        "Bearer",
        "Bearer ",
        "Bearer fl-",
        "Bearer fl-11",
        "Bearer FL-1",
        "Bearer unused",
        "Bearer 1d9ee9f1dbc0e9e5a9ab4e2e9b0bd1a5fc3ba0a0d0a8d2b1e1b2e2f9a0c6a1d2"
      })
  void anythingElseLeadsToNobody(@Nullable String authorization) {
    keys.replace(List.of(holding(TEAM, "spring", "fl-1", null)));

    assertThat(keys.find(authorization)).isEmpty();
  }

  @Test
  void theHashOfAKeyIsNoKey() {
    keys.replace(List.of(holding(TEAM, "spring", "fl-1", null)));

    assertThat(keys.find("Bearer " + sha256("fl-1"))).isEmpty();
  }

  @Test
  void aHeaderThatIsTooLongIsNotHashed() {
    String huge = "x".repeat(30_000);
    keys.replace(List.of(new Holding(TEAM, new TenantKey("k", "0".repeat(64), Optional.empty()))));

    assertThat(keys.find("Bearer " + huge)).isEmpty();
    assertThat(BearerToken.digest("Bearer " + huge)).isEmpty();
  }

  @Test
  void aKeyEndsAtTheMomentThatItExpires() {
    keys.replace(List.of(holding(TEAM, "spring", "fl-1", START.plusMillis(10))));

    now = START.plusMillis(9);
    assertThat(keys.find("Bearer fl-1")).isPresent();
    now = START.plusMillis(10);
    assertThat(keys.find("Bearer fl-1")).isEmpty();
  }

  @Test
  void anExpiryBeyondAllClocksIsNone() {
    keys.replace(
        List.of(holding(TEAM, "a", "fl-1", Instant.MAX), holding(TEAM, "b", "fl-2", Instant.MIN)));

    assertThat(keys.find("Bearer fl-1")).isPresent();
    assertThat(keys.find("Bearer fl-2")).isEmpty();
  }

  @Test
  void otherKeysTakeThePlaceOfTheOldOnesAndNewLimitsThatOfOldOnes() {
    keys.replace(List.of(holding(TEAM, "spring", "fl-1", null)));
    Tenant raised =
        tenant(
            "team",
            new Limits(
                OptionalLong.of(5),
                OptionalLong.empty(),
                OptionalInt.empty(),
                OptionalLong.empty()));

    keys.replace(List.of(holding(raised, "summer", "fl-2", null)));

    assertThat(keys.find("Bearer fl-1")).isEmpty();
    assertThat(keys.find("Bearer fl-2").orElseThrow().tenant()).isEqualTo(raised);
    keys.replace(List.of());
    assertThat(keys.find("Bearer fl-2")).isEmpty();
  }

  @Test
  void theFirstOfTwoWithOneHashCounts() {
    keys.replace(
        List.of(
            holding(TEAM, "mine", "fl-1", null),
            holding(tenant("other", Limits.NONE), "theirs", "fl-1", null)));

    assertThat(keys.find("Bearer fl-1")).contains(new Caller(TEAM, "mine"));
  }

  @Test
  void theLastUseIsKnownToTheSecondAndOutlivesAChange() {
    Holding spring = holding(TEAM, "spring", "fl-1", null);
    keys.replace(List.of(spring, holding(TEAM, "summer", "fl-2", null)));
    assertThat(keys.lastUses()).isEmpty();

    assertThat(keys.find("Bearer fl-1")).isPresent();
    now = START.plusMillis(400);
    assertThat(keys.find("Bearer fl-1")).isPresent();
    assertThat(keys.lastUses()).containsOnlyKeys(spring.key().sha256()).containsValue(START);

    now = START.plusSeconds(90);
    assertThat(keys.find("Bearer fl-1")).isPresent();
    keys.replace(List.of(spring));
    assertThat(keys.lastUses()).containsValue(START.plusSeconds(90));
  }

  @Test
  void aGuardedDoorTakesTheInstallationsKeyAndThoseOfTenants() {
    keys.replace(List.of(holding(TEAM, "spring", "fl-1", null)));
    CallerKeys door = new GuardedKeys(Tokens.of(List.of("fl-own")), keys);

    assertThat(door.find("Bearer fl-own")).contains(new Caller(Tenant.DEFAULT, "installation"));
    assertThat(door.find("Bearer fl-1")).contains(new Caller(TEAM, "spring"));
    assertThat(door.find("Bearer fl-x")).isEmpty();
    assertThat(door.find(null)).isEmpty();
  }

  @Test
  void nothingPrintsAHash() {
    Holding spring = holding(TEAM, "spring", "fl-1", null);
    keys.replace(List.of(spring));

    assertThat(spring.toString() + keys.find("Bearer fl-1"))
        .doesNotContain(spring.key().sha256())
        .doesNotContain("fl-1");
  }
}
