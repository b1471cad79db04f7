package dev.fairlead.dataplane.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFileIT {
  @TempDir Path folder;

  @Test
  void aRenamedOrDeletedFileIsFollowedByANewOne() throws IOException {
    Path path = folder.resolve("access.log");
    Path rotated = folder.resolve("access.log.1");
    try (LogFile file = new LogFile(path)) {
      write(file, "one\n");
      Files.move(path, rotated);
      write(file, "two\n");
      assertThat(rotated).hasContent("one");
      assertThat(path).hasContent("two");

      Files.delete(path);
      write(file, "three\n");
      assertThat(path).hasContent("three");
    }
  }

  @Test
  void aFileIsGoneOnWithAndNotForEveryone() throws IOException {
    Path path = folder.resolve("access.log");
    try (LogFile file = new LogFile(path)) {
      write(file, "one\n");
    }
    try (LogFile file = new LogFile(path)) {
      write(file, "two\n");
    }

    assertThat(path).hasContent("one\ntwo");
    assertThat(Files.getPosixFilePermissions(path).toString()).doesNotContain("OTHERS");
  }

  @Test
  void aPathThatCannotBeWrittenIsKnownAtOnce() {
    assertThatThrownBy(() -> new LogFile(folder.resolve("none").resolve("access.log")))
        .isInstanceOf(IOException.class);
  }

  private static void write(LogFile file, String text) throws IOException {
    file.write(text.getBytes(UTF_8));
  }
}
