package dev.fairlead.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DatabaseTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "sqlite:/var/lib/usage.db",
        "sqlite:///var/lib/usage.db",
        "jdbc:sqlite:/var/lib/usage.db"
      })
  void aFileIsSqlite(String url) {
    assertThat(Database.of(url, Optional.empty()))
        .isEqualTo(new SqliteDatabase(Path.of("/var/lib/usage.db")));
  }

  @Test
  void urlsOfLibpqAreTaken() {
    assertThat(of("postgresql://us%40er@db.example:5433/ledger?sslmode=require"))
        .isEqualTo(
            new PostgresDatabase(
                "jdbc:postgresql://db.example:5433/ledger?sslmode=require",
                Optional.of("us@er"),
                Optional.empty()));
    assertThat(of("postgres://db.example").name()).isEqualTo("postgresql://db.example");
    assertThat(of("jdbc:postgresql://a,b/ledger?user=x"))
        .isEqualTo(
            new PostgresDatabase(
                "jdbc:postgresql://a,b/ledger?user=x", Optional.empty(), Optional.empty()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgresql://user:canary@db/ledger",
        "jdbc:postgresql://db/ledger?user=a&password=canary",
        "postgresql://db?PASSWORD=canary"
      })
  void aPasswordHasNoPlaceInTheUrlNorInTheMessage(String url) {
    assertThatThrownBy(() -> of(url))
        .isInstanceOf(LedgerException.class)
        .hasMessageContaining("FAIRLEAD_LEDGER_PASSWORD")
        .hasMessageNotContaining("canary");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "usage.db",
        "mysql://db",
        "sqlite:",
        "sqlite:usage.db",
        "sqlite::memory:",
        "postgresql:",
        "postgresql://"
      })
  void whatIsNoLedgerIsRefusedWithTheForms(String url) {
    assertThatThrownBy(() -> of(url))
        .isInstanceOf(LedgerException.class)
        .hasMessageMatching("(?s).*`(sqlite|postgresql):.*");
  }

  @Test
  void thePasswordIsNotInItsText() {
    Database database = Database.of("postgresql://user@db/ledger", Optional.of("canary"));
    assertThat(database.toString()).doesNotContain("canary");
  }

  private static Database of(String url) {
    return Database.of(url, Optional.empty());
  }
}
