package dev.fairlead.artifacts.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DigestMarkerTest {
  @TempDir Path folder = Path.of("");

  @Test
  void aKnownFileIsNotReadAgain() throws IOException {
    Path file = Files.writeString(folder.resolve("f"), "one");
    FileTime time = Files.getLastModifiedTime(file);
    String digest = DigestMarker.digest(file);
    assertThat(digest).isEqualTo(Sha256.of("one"));

    Files.writeString(file, "two");
    Files.setLastModifiedTime(file, time);

    assertThat(DigestMarker.digest(file)).isEqualTo(digest);
  }

  @Test
  void aFileOfAnotherTimeOrSizeIsReadAgain() throws IOException {
    Path file = Files.writeString(folder.resolve("f"), "one");
    FileTime time = Files.getLastModifiedTime(file);
    DigestMarker.write(file, Sha256.of("one"));

    Files.writeString(file, "two");
    Files.setLastModifiedTime(file, FileTime.fromMillis(time.toMillis() + 1000));
    assertThat(DigestMarker.digest(file)).isEqualTo(Sha256.of("two"));

    Files.writeString(file, "three");
    Files.setLastModifiedTime(file, FileTime.fromMillis(time.toMillis() + 1000));
    assertThat(DigestMarker.digest(file)).isEqualTo(Sha256.of("three"));
  }

  @Test
  void sizesAreWrittenForPeople() {
    assertThat(ByteSize.text(999)).isEqualTo("999 B");
    assertThat(ByteSize.text(98_362_432)).isEqualTo("98.4 MB");
  }
}
