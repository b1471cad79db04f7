package dev.fairlead.artifacts.fetch;

import static dev.fairlead.artifacts.fetch.FaultyOrigin.cut;
import static dev.fairlead.artifacts.fetch.FaultyOrigin.head;
import static dev.fairlead.artifacts.fetch.FaultyOrigin.partial;
import static dev.fairlead.artifacts.fetch.FaultyOrigin.ranges;
import static dev.fairlead.artifacts.fetch.FaultyOrigin.redirect;
import static dev.fairlead.artifacts.fetch.FaultyOrigin.status;
import static dev.fairlead.artifacts.fetch.FaultyOrigin.whole;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.fairlead.artifacts.failure.ArtifactException;
import dev.fairlead.artifacts.failure.ArtifactException.Category;
import dev.fairlead.artifacts.store.DiskSpace;
import dev.fairlead.artifacts.store.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a download survives, and what it refuses: `origin` answers as it is told.
final class DownloadIT {
  private static final byte[] CONTENT = random(1, 200_000);
  private static final byte[] OTHER = random(2, 210_000);
  private static final String TAG = "\"one\"";
  private static final Duration PATIENT = Duration.ofSeconds(30);

  @TempDir Path folder = Path.of("");
  private Path target = Path.of("");
  private final HttpClient client = HttpClient.newHttpClient();
  private final List<Duration> pauses = new ArrayList<>();

  @BeforeEach
  void placeTheTarget() {
    target = folder.resolve("model.gguf");
  }

  @AfterEach
  void closeTheClient() {
    client.shutdownNow();
  }

  @Test
  void aFileArrivesWithProgressAndDigest() throws IOException {
    try (FaultyOrigin origin = new FaultyOrigin(whole(CONTENT, TAG))) {
      Recorded progress = new Recorded();

      String digest = download().fetch(request(origin, Optional.of(sha256(CONTENT))), progress);

      assertThat(digest).isEqualTo(sha256(CONTENT));
      assertDelivered(CONTENT);
      assertThat(progress.calls.getFirst()).isEqualTo("start model.gguf 200000");
      assertThat(progress.calls).contains("advance 200000");
      assertThat(progress.calls.getLast()).isEqualTo("done");
    }
  }

  @Test
  void whatIsThereIsNotFetchedAgain() {
    try (FaultyOrigin origin = new FaultyOrigin(whole(CONTENT, TAG))) {
      fetch(origin, Optional.of(sha256(CONTENT)));
      fetch(origin, Optional.of(sha256(CONTENT)));

      assertThat(origin.requests()).hasSize(1);
    }
  }

  @Test
  void aTruncatedAnswerIsResumedWhereItBrokeOff() throws IOException {
    try (FaultyOrigin origin = new FaultyOrigin(brokenOff(CONTENT, TAG), ranges(CONTENT, TAG))) {
      fetch(origin, Optional.empty());

      assertThat(origin.requests().get(1).header("range")).isEqualTo("bytes=70000-");
      assertThat(origin.requests().get(1).header("if-range")).isEqualTo(TAG);
      assertDelivered(CONTENT);
    }
  }

  @Test
  void aLaterRunGoesOnFromThePart() throws IOException {
    try (FaultyOrigin origin = new FaultyOrigin(brokenOff(CONTENT, TAG), ranges(CONTENT, TAG))) {
      ArtifactException failure =
          failure(() -> download(1).fetch(request(origin, Optional.empty()), Progress.SILENT));
      assertThat(failure.category()).isEqualTo(Category.TRUNCATED);
      assertThat(target).doesNotExist();
      assertThat(part()).hasSize(70_000);

      Recorded progress = new Recorded();
      var _ = download().fetch(request(origin, Optional.empty()), progress);

      assertThat(origin.requests().getLast().header("range")).isEqualTo("bytes=70000-");
      assertThat(progress.calls).contains("advance 70000");
      assertDelivered(CONTENT);
    }
  }

  @Test
  void aServerThatIgnoresTheRangeStartsAnew() throws IOException {
    try (FaultyOrigin origin = new FaultyOrigin(brokenOff(CONTENT, TAG), whole(CONTENT, TAG))) {
      fetch(origin, Optional.empty());

      assertDelivered(CONTENT);
    }
  }

  @Test
  void anEntityThatChangedInBetweenIsFetchedWhole() throws IOException {
    try (FaultyOrigin origin =
        new FaultyOrigin(brokenOff(CONTENT, TAG), ranges(OTHER, "\"two\""))) {
      fetch(origin, Optional.empty());

      assertDelivered(OTHER);
    }
  }

  @Test
  void aPartOfAnotherEntityIsNeverAppended() throws IOException {
    try (FaultyOrigin origin =
        new FaultyOrigin(
            brokenOff(CONTENT, TAG),
            (request, out) ->
                partial(
                        OTHER,
                        "\"two\"",
                        Integer.parseInt(request.header("range").replaceAll("\\D", "")))
                    .write(request, out),
            whole(OTHER, "\"two\""))) {
      fetch(origin, Optional.empty());

      assertDelivered(OTHER);
    }
  }

  @Test
  void aPartThatBeginsElsewhereIsNeverAppended() throws IOException {
    try (FaultyOrigin origin =
        new FaultyOrigin(brokenOff(CONTENT, TAG), partial(CONTENT, TAG, 10), whole(CONTENT, TAG))) {
      fetch(origin, Optional.empty());

      assertDelivered(CONTENT);
    }
  }

  @Test
  void withoutValidatorOnlyAKnownDigestIsResumed() throws IOException {
    try (FaultyOrigin origin = new FaultyOrigin(brokenOff(CONTENT, ""), ranges(CONTENT, ""))) {
      fetch(origin, Optional.empty());
      assertThat(origin.requests().get(1).header("range")).isEmpty();
      assertDelivered(CONTENT);
    }
    Files.delete(target);
    try (FaultyOrigin origin = new FaultyOrigin(brokenOff(CONTENT, ""), ranges(CONTENT, ""))) {
      fetch(origin, Optional.of(sha256(CONTENT)));
      assertThat(origin.requests().get(1).header("range")).isNotEmpty();
      assertDelivered(CONTENT);
    }
  }

  @Test
  void aResumeThatGivesTheWrongDigestIsTriedOnceFromTheStart() throws IOException {
    byte[] sameLength = random(3, CONTENT.length);
    try (FaultyOrigin origin = new FaultyOrigin(brokenOff(sameLength, ""), ranges(CONTENT, ""))) {
      fetch(origin, Optional.of(sha256(CONTENT)));

      assertThat(origin.requests()).hasSize(3);
      assertDelivered(CONTENT);
    }
  }

  @Test
  void aRangeThatIsNotSatisfiableStartsAnew() throws IOException {
    try (FaultyOrigin origin =
        new FaultyOrigin(
            brokenOff(CONTENT, TAG),
            status("416 Range Not Satisfiable", ""),
            whole(CONTENT, TAG))) {
      fetch(origin, Optional.empty());

      assertDelivered(CONTENT);
    }
  }

  @Test
  void serverErrorsAreRetriedAsOftenAsAllowedWithGrowingPauses() {
    try (FaultyOrigin origin = new FaultyOrigin(status("500 Oops", ""))) {
      ArtifactException failure =
          failure(() -> download(4).fetch(request(origin, Optional.empty()), Progress.SILENT));

      assertThat(failure.category()).isEqualTo(Category.SERVER_FAILED);
      assertThat(failure).hasMessageContaining("HTTP 500").hasMessageContaining("try later");
      assertThat(origin.requests()).hasSize(4);
      assertThat(pauses).hasSize(3);
      for (int i = 0; i < 3; i++) {
        assertThat(pauses.get(i))
            .isBetween(Duration.ofMillis(50L << i), Duration.ofMillis(100L << i));
      }
    }
  }

  @Test
  void retryAfterIsObeyedUpToTheLongestPause() throws IOException {
    try (FaultyOrigin origin =
        new FaultyOrigin(
            status("429 Slow", "Retry-After: 1\r\n"),
            status("503 Busy", "Retry-After: 99999\r\n"),
            whole(CONTENT, TAG))) {
      fetch(origin, Optional.empty());

      assertThat(pauses).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2));
      assertDelivered(CONTENT);
    }
  }

  @Test
  void aBodyThatIsAlwaysShortIsTruncatedAndNeverVisible() throws IOException {
    // An end that comes with the head may be all that the JDK's client tells of the answer.
    Semaphore headsRead = new Semaphore(0);
    Progress reading =
        new Progress() {
          @Override
          public void start(String label, long totalBytes) {}

          @Override
          public void advance(long bytesSoFar) {
            headsRead.release();
          }

          @Override
          public void done() {}
        };
    FaultyOrigin.Answer cutAfterTheHead =
        (request, out) -> {
          cut(CONTENT, TAG, 0).write(request, out);
          out.flush();
          headsRead.acquireUninterruptibly();
        };
    try (FaultyOrigin origin = new FaultyOrigin(cutAfterTheHead)) {
      ArtifactException failure =
          failure(() -> download(3).fetch(request(origin, Optional.empty()), reading));

      assertThat(failure.category()).isEqualTo(Category.TRUNCATED);
      assertThat(origin.requests()).hasSize(3);
      assertThat(target).doesNotExist();
    }
  }

  @Test
  void aSilentConnectionIsGivenUp() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    try (FaultyOrigin origin =
        new FaultyOrigin(
            (_, out) -> {
              head(out, "200 OK", CONTENT.length, "");
              out.write(CONTENT, 0, 10);
              out.flush();
              awaitQuietly(end);
            },
            whole(CONTENT, TAG))) {
      Download impatient =
          new Download(client, backoff(5), _ -> Long.MAX_VALUE, Duration.ofMillis(200));
      var _ = impatient.fetch(request(origin, Optional.empty()), Progress.SILENT);

      assertDelivered(CONTENT);
    } finally {
      end.countDown();
    }
  }

  @Test
  void aWrongDigestIsRefusedAndThePartRemoved() {
    try (FaultyOrigin origin = new FaultyOrigin(whole(OTHER, TAG))) {
      ArtifactException failure =
          failure(() ->
              download().fetch(request(origin, Optional.of(sha256(CONTENT))), Progress.SILENT));

      assertThat(failure.category()).isEqualTo(Category.CHECKSUM_MISMATCH);
      assertThat(failure)
          .hasMessageContaining(sha256(CONTENT))
          .hasMessageContaining(sha256(OTHER))
          .hasMessageContaining("name another source");
      assertThat(target).doesNotExist();
      assertThat(part()).doesNotExist();
      assertThat(origin.requests()).hasSize(1);
    }
  }

  @Test
  void aFullDiskIsSaidBeforeAnythingIsWritten() throws IOException {
    try (FaultyOrigin origin = new FaultyOrigin(whole(CONTENT, TAG))) {
      Download download =
          new Download(client, backoff(5), _ -> DiskSpace.RESERVE_BYTES + 199_999, PATIENT);

      ArtifactException failure =
          failure(() -> download.fetch(request(origin, Optional.empty()), Progress.SILENT));

      assertThat(failure.category()).isEqualTo(Category.NO_SPACE);
      assertThat(failure)
          .hasMessageContaining(folder.toString())
          .hasMessageContaining("67.3 MB")
          .hasMessageContaining("FAIRLEAD_CACHE");
      assertThat(target).doesNotExist();
      assertThat(part()).doesNotExist();
    }
  }

  @Test
  void notFoundAndForbiddenAreNotRetried() {
    try (FaultyOrigin origin =
        new FaultyOrigin(status("404 Not Found", ""), status("403 Forbidden", ""))) {
      assertThat(failure(() -> fetch(origin, Optional.empty())).category())
          .isEqualTo(Category.NOT_FOUND);
      assertThat(failure(() -> fetch(origin, Optional.empty())).category())
          .isEqualTo(Category.REFUSED);
      assertThat(origin.requests()).hasSize(2);
    }
  }

  @Test
  void nobodyListeningIsNoNetwork() throws IOException {
    int port;
    try (ServerSocket closed = new ServerSocket(0)) {
      port = closed.getLocalPort();
    }
    Download.Request request =
        new Download.Request(
            URI.create("http://127.0.0.1:" + port + "/m"), target, Optional.empty());

    ArtifactException failure = failure(() -> download(2).fetch(request, Progress.SILENT));

    assertThat(failure.category()).isEqualTo(Category.NO_NETWORK);
    assertThat(failure)
        .hasMessageContaining("no network: cannot reach 127.0.0.1:" + port)
        .hasMessageContaining("run it again");
    assertThat(pauses).hasSize(1);
  }

  @Test
  void credentialsStayWithTheirHost() throws IOException {
    try (FaultyOrigin other = new FaultyOrigin(whole(CONTENT, TAG));
        FaultyOrigin origin =
            new FaultyOrigin(redirect("/here"), redirect(other.uri("/there").toString()))) {
      Download.Request request =
          new Download.Request(
              origin.uri("/m"), target, Optional.empty(), Optional.of("Bearer canary"));

      var _ = download().fetch(request, Progress.SILENT);

      assertThat(origin.requests())
          .extracting(r -> r.header("authorization"))
          .containsOnly("Bearer canary");
      assertThat(other.requests()).extracting(r -> r.header("authorization")).containsOnly("");
      assertDelivered(CONTENT);
    }
  }

  @Test
  void aRedirectToALinkLocalAddressOrAnotherSchemeIsRefused() {
    for (String location :
        List.of("https://169.254.169.254/latest", "http://192.0.2.1/m", "file:///etc/passwd")) {
      try (FaultyOrigin origin = new FaultyOrigin(redirect(location))) {
        assertThat(failure(() -> fetch(origin, Optional.empty())).category())
            .as(location)
            .isIn(Category.REFUSED, Category.UNSUPPORTED);
      }
    }
  }

  @Test
  void redirectsWithoutEndAreRefused() {
    try (FaultyOrigin origin = new FaultyOrigin(redirect("/again"))) {
      ArtifactException failure = failure(() -> fetch(origin, Optional.empty()));

      assertThat(failure.category()).isEqualTo(Category.REFUSED);
      assertThat(origin.requests()).hasSize(6);
    }
  }

  @Test
  void severalAtOnceFetchItOnce() throws Exception {
    try (FaultyOrigin origin = new FaultyOrigin(whole(CONTENT, TAG))) {
      List<CompletableFuture<Void>> all = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        all.add(CompletableFuture.runAsync(() -> fetch(origin, Optional.of(sha256(CONTENT)))));
      }
      for (CompletableFuture<Void> one : all) {
        one.get(30, TimeUnit.SECONDS);
      }

      assertThat(origin.requests()).hasSize(1);
      assertDelivered(CONTENT);
    }
  }

  /// Breaks off once the client has kept what came: the HTTP client may drop what it has not handed
  /// out yet when a connection ends.
  private FaultyOrigin.Answer brokenOff(byte[] content, String etag) {
    return (request, out) -> {
      cut(content, etag, 70_000).write(request, out);
      out.flush();
      await().until(() -> Files.exists(part()) && Files.size(part()) == 70_000);
    };
  }

  private Download download() {
    return download(5);
  }

  private Download download(int attempts) {
    return new Download(client, backoff(attempts), _ -> Long.MAX_VALUE, PATIENT);
  }

  private Backoff backoff(int attempts) {
    return new Backoff(
        attempts, Duration.ofMillis(100), Duration.ofSeconds(2), new Random(7), pauses::add);
  }

  private void fetch(FaultyOrigin origin, Optional<String> sha256) {
    var _ = download().fetch(request(origin, sha256), Progress.SILENT);
  }

  private Download.Request request(FaultyOrigin origin, Optional<String> sha256) {
    return new Download.Request(origin.uri("/model.gguf"), target, sha256);
  }

  private Path part() {
    return folder.resolve("model.gguf.part");
  }

  private void assertDelivered(byte[] content) throws IOException {
    assertThat(Files.readAllBytes(target)).isEqualTo(content);
    assertThat(part()).doesNotExist();
    assertThat(folder.resolve("model.gguf.part.origin")).doesNotExist();
  }

  private static ArtifactException failure(Runnable work) {
    return catchThrowableOfType(ArtifactException.class, work::run);
  }

  private String sha256(byte[] content) {
    try {
      return Sha256.of(Files.write(folder.resolve("content"), content));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static byte[] random(int seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static void awaitQuietly(CountDownLatch latch) throws IOException {
    try {
      var _ = latch.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException(interrupted);
    }
  }

  private static final class Recorded implements Progress {
    private final List<String> calls = new ArrayList<>();

    @Override
    public void start(String label, long totalBytes) {
      calls.add("start " + label + " " + totalBytes);
    }

    @Override
    public void advance(long bytesSoFar) {
      calls.add("advance " + bytesSoFar);
    }

    @Override
    public void done() {
      calls.add("done");
    }
  }
}
