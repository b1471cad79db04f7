package dev.fairlead.artifacts.fetch;

import static java.util.Objects.requireNonNull;

import dev.fairlead.artifacts.failure.ArtifactException;
import dev.fairlead.artifacts.failure.ArtifactException.Category;
import dev.fairlead.artifacts.store.DigestMarker;
import dev.fairlead.artifacts.store.DiskSpace;
import dev.fairlead.artifacts.store.Durable;
import dev.fairlead.artifacts.store.PathLock;
import dev.fairlead.artifacts.store.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// Brings one URL into one file, whole or not at all. Safe for concurrent use, also between
/// processes: those that want the same file wait for the first one and take its result.
///
/// 1. Wait for the lock of the target; done when the target is there (with the digest, if one is
///    wanted).
/// 2. Ask for what the part file lacks: `Range`, with `If-Range` where the server gave a validator.
///    Without one, only a file with a known digest is resumed.
/// 3. 206 for the same entity appends; 200, or another entity, begins anew (RFC 9110, 13.1.5, 14).
/// 4. A dropped or stalled connection, a short body, 408, 425, 429 and 5xx are tried again, with
///    back-off; an attempt that brought {@link #MEANINGFUL_BYTES} starts the count anew.
/// 5. The digest of the complete part is compared, then it is synced and renamed.
///
/// What has been fetched is kept when it fails, except after a wrong digest.
public final class Download {
  /// Progress that shows that the connection works, so that a large file over a bad line ends.
  static final long MEANINGFUL_BYTES = 8L << 20;

  /// What to bring where. `sha256` is 64 lower-case hex digits; `authorization` is sent to the host
  /// of `uri` and to no other.
  public record Request(
      URI uri, Path target, Optional<String> sha256, Optional<String> authorization) {
    public Request {
      requireNonNull(uri, "uri is null");
      target = requireNonNull(target, "target is null").toAbsolutePath().normalize();
      requireNonNull(sha256, "sha256 is null");
      sha256.ifPresent(Download::checkDigest);
      requireNonNull(authorization, "authorization is null");
    }

    public Request(URI uri, Path target, Optional<String> sha256) {
      this(uri, target, sha256, Optional.empty());
    }

    String label() {
      return String.valueOf(target.getFileName());
    }
  }

  private final HttpExchange exchange;
  private final Backoff backoff;
  private final DiskSpace space;
  private final Duration stallLimit;

  /// `client` must not follow redirects by itself: they are checked here, one by one.
  public Download(HttpClient client, Backoff backoff, DiskSpace space, Duration stallLimit) {
    this.exchange = new HttpExchange(client);
    this.backoff = requireNonNull(backoff, "backoff is null");
    this.space = requireNonNull(space, "space is null");
    this.stallLimit = requireNonNull(stallLimit, "stallLimit is null");
  }

  /// Makes `request.target()` exist and answers its digest. Blocks; see {@link
  /// ArtifactException.Category} for how it fails.
  public String fetch(Request request, Progress progress) {
    Origin.check(request.uri());
    try (PathLock _ = PathLock.acquire(request.target())) {
      if (Files.isRegularFile(request.target())) {
        String there = DigestMarker.digest(request.target());
        if (request.sha256().isEmpty() || request.sha256().get().equals(there)) {
          return there;
        }
      }
      try (Report report = new Report(progress, request.label())) {
        return attempts(request, new PartFile(request.target()), report);
      }
    } catch (IOException failure) {
      throw DiskSpace.explain(failure, "cannot save " + request.label(), request.target());
    }
  }

  private String attempts(Request request, PartFile part, Report report) throws IOException {
    int failures = 0;
    while (true) {
      long before = part.size();
      try {
        boolean resumed = transfer(request, part, report);
        return finish(request, part, resumed);
      } catch (Transient failure) {
        failures = part.size() - before >= MEANINGFUL_BYTES ? 1 : failures + 1;
        if (failures >= backoff.attempts()) {
          throw failure.outcome();
        }
        backoff.pause(failures, failure.retryAfter());
      }
    }
  }

  /// Answers whether bytes of an earlier attempt were used.
  private boolean transfer(Request request, PartFile part, Report report)
      throws IOException, Transient {
    Optional<PartFile.Entity> known =
        part.resumable(request.uri())
            .filter(entity -> !entity.validator().isEmpty() || request.sha256().isPresent());
    if (known.isPresent() && known.get().total() == part.size() && request.sha256().isPresent()) {
      return true;
    }
    long from = known.isPresent() ? part.size() : 0;
    HttpResponse<InputStream> response =
        exchange.get(request, from, known.map(PartFile.Entity::validator).orElse(""));
    try (StallGuard body = new StallGuard(response.body(), stallLimit)) {
      PartFile.Entity entity = HttpExchange.entity(request.uri(), response);
      boolean resumes = from > 0 && response.statusCode() == 206;
      if (response.statusCode() == 416
          || (resumes && !HttpExchange.continues(response, from, known.get()))) {
        part.discard();
        throw new Transient(
            new ArtifactException(
                Category.CORRUPT,
                "%s changed while it was fetched; run it again to begin anew"
                    .formatted(Origin.withoutSecrets(request.uri()))));
      }
      if (!resumes) {
        part.begin(entity);
      }
      long total = resumes ? known.get().total() : entity.total();
      space.require(
          Math.max(0, total - part.size()), Durable.parent(request.target()), request.label());
      report.start(total);
      copy(body, part, request, report);
      checkLength(part, total, request);
      return resumes;
    }
  }

  private static void copy(InputStream body, PartFile part, Request request, Report report)
      throws IOException, Transient {
    byte[] buffer = new byte[1 << 16];
    long written = part.size();
    report.advance(written);
    try (OutputStream out = part.append()) {
      while (true) {
        int read;
        try {
          read = body.read(buffer, 0, buffer.length);
        } catch (IOException broken) {
          throw new Transient(
              new ArtifactException(
                  Category.TRUNCATED,
                  "%s broke off after %,d bytes (%s); run it again to go on from there"
                      .formatted(
                          Origin.withoutSecrets(request.uri()), written, broken.getMessage()),
                  broken));
        }
        if (read < 0) {
          return;
        }
        out.write(buffer, 0, read);
        written += read;
        report.advance(written);
      }
    }
  }

  private static void checkLength(PartFile part, long total, Request request)
      throws IOException, Transient {
    long size = part.size();
    if (total >= 0 && size < total) {
      throw new Transient(
          new ArtifactException(
              Category.TRUNCATED,
              "%s ended after %,d of %,d bytes; run it again to go on from there"
                  .formatted(Origin.withoutSecrets(request.uri()), size, total)));
    }
    if (total >= 0 && size > total) {
      part.discard();
      throw new Transient(
          new ArtifactException(
              Category.CORRUPT,
              "%s gave %,d bytes and had announced %,d; try again, or another source"
                  .formatted(Origin.withoutSecrets(request.uri()), size, total)));
    }
  }

  private static String finish(Request request, PartFile part, boolean resumed)
      throws IOException, Transient {
    if (part.size() == 0) {
      part.append().close();
    }
    String actual = Sha256.of(part.path());
    if (request.sha256().isPresent() && !request.sha256().get().equals(actual)) {
      part.discard();
      ArtifactException mismatch =
          new ArtifactException(
              Category.CHECKSUM_MISMATCH,
              "%s is not what was asked for: sha256 expected %s, got %s; it was removed. Correct the sha256 if the source has a new version, or name another source"
                  .formatted(Origin.withoutSecrets(request.uri()), request.sha256().get(), actual));
      if (resumed) {
        // The first half may have been of another entity: once more, from the start.
        throw new Transient(mismatch);
      }
      throw mismatch;
    }
    part.publish(request.target());
    DigestMarker.write(request.target(), actual);
    return actual;
  }

  private static void checkDigest(String sha256) {
    if (!sha256.matches("[0-9a-f]{64}")) {
      throw new ArtifactException(
          Category.UNSUPPORTED,
          "not a sha256: '%s'; write its 64 lower-case hex digits".formatted(sha256));
    }
  }

  /// Keeps the order of a listener's calls over several attempts.
  private static final class Report implements AutoCloseable {
    private final Progress progress;
    private final String label;
    private boolean started;

    Report(Progress progress, String label) {
      this.progress = progress;
      this.label = label;
    }

    void start(long total) {
      if (!started) {
        started = true;
        progress.start(label, total);
      }
    }

    void advance(long bytes) {
      progress.advance(bytes);
    }

    @Override
    public void close() {
      if (started) {
        progress.done();
      }
    }
  }
}
