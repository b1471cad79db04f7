package dev.fairlead.app.up;

import dev.fairlead.app.config.FileWatch;
import dev.fairlead.app.config.Tls;
import dev.fairlead.core.plan.Note;
import dev.fairlead.dataplane.tls.CertificatePair;
import dev.fairlead.dataplane.tls.ServerTls;
import dev.fairlead.dataplane.tls.TlsException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// The certificate of the public door, which follows its files: a new pair that can be used serves
/// new connections, one that cannot is told and changes nothing. Used by one thread.
final class DoorCertificate {
  private static final String OBJECT = "certificate";

  private final Tls.Files files;
  private final InstantSource clock;
  private final FileWatch watch;
  private final ServerTls tls;
  private CertificatePair pair;
  private String complaint = "";

  /// @throws StartException when the pair cannot be used
  DoorCertificate(Tls.Files files, InstantSource clock) {
    this.files = files;
    this.clock = clock;
    watch = new FileWatch(List.of(files.certificate(), files.key()));
    try {
      pair = read();
      tls = ServerTls.of(pair);
    } catch (TlsException e) {
      throw new StartException(2, "tls: " + e.getMessage());
    }
  }

  private CertificatePair read() {
    return CertificatePair.read(files.certificate(), files.key());
  }

  Path file() {
    return files.certificate();
  }

  ServerTls tls() {
    return tls;
  }

  /// Takes a changed pair, and tells what is new: a change, a failure, an expiry.
  List<Note> look() {
    List<Note> notes = new ArrayList<>();
    if (watch.changed()) {
      try {
        CertificatePair next = read();
        tls.replace(next);
        pair = next;
        notes.add(note(Note.Severity.NORMAL, "CertificateTaken", next.described()));
      } catch (TlsException e) {
        notes.add(
            note(
                Note.Severity.WARNING,
                "CertificateRefused",
                "%s; the one before goes on: %s".formatted(e.getMessage(), pair.described())));
      }
    }
    String now = pair.complaint(clock.instant()).orElse("");
    if (!now.equals(complaint) && !now.isEmpty()) {
      notes.add(note(Note.Severity.WARNING, "CertificateInvalid", now));
    }
    complaint = now;
    return notes;
  }

  private static Note note(Note.Severity severity, String reason, String message) {
    return new Note(severity, reason, OBJECT, message);
  }
}
