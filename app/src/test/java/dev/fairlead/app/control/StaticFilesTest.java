package dev.fairlead.app.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StaticFilesTest {
  @TempDir private Path folder = Path.of("");

  @Test
  void filesAreFoundInAJarAsOnTheDisk() throws Exception {
    Path jar = folder.resolve("app with blank.jar");
    try (var out = new JarOutputStream(Files.newOutputStream(jar))) {
      for (String name : new String[] {"console/", "console/index.html", "console/js/main.js"}) {
        out.putNextEntry(new ZipEntry(name));
        out.closeEntry();
      }
      out.putNextEntry(new ZipEntry("secret.txt"));
      out.closeEntry();
    }

    StaticFiles files = StaticFiles.of(URI.create("jar:" + jar.toUri() + "!/console").toURL());
    assertThat(files.has("/")).isTrue();
    assertThat(files.has("/js/main.js")).isTrue();
    assertThat(files.has("/js")).isFalse();
    assertThat(files.has("/secret.txt")).isFalse();
    assertThat(files.has("/../secret.txt")).isFalse();
  }

  @Test
  void withoutTheFolderThereIsNothing() {
    assertThat(StaticFiles.ofClassPath("/no-such-folder").has("/")).isFalse();
  }
}
