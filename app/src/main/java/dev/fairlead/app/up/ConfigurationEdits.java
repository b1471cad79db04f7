package dev.fairlead.app.up;

import dev.fairlead.api.Problem;
import dev.fairlead.app.config.LiveConfiguration;
import dev.fairlead.app.journal.Journal;
import dev.fairlead.core.plan.Note;
import java.util.Optional;
import java.util.function.Consumer;

/// Takes up edits of the configuration's file and of the certificate, and tells what became of
/// them. Used by one thread.
final class ConfigurationEdits {
  private static final String OBJECT = "configuration";

  private final LiveConfiguration configuration;
  private final Optional<DoorCertificate> certificate;
  private final Journal journal;
  private final Consumer<String> problems;

  /// @param problems hears what is wrong with the file, a line each
  ConfigurationEdits(
      LiveConfiguration configuration,
      Optional<DoorCertificate> certificate,
      Journal journal,
      Consumer<String> problems) {
    this.configuration = configuration;
    this.certificate = certificate;
    this.journal = journal;
    this.problems = problems;
  }

  void look() {
    configuration.look().ifPresent(this::tell);
    certificate.ifPresent(one -> one.look().forEach(journal::note));
  }

  private void tell(LiveConfiguration.Edit edit) {
    edit.problems().stream().map(Problem::text).forEach(problems);
    if (!edit.problems().isEmpty()) {
      note(Note.Severity.WARNING, "EditRefused", "the file has errors; what held before goes on");
    }
    if (!edit.taken().isEmpty()) {
      note(Note.Severity.NORMAL, "EditTaken", String.join(", ", edit.taken()));
    }
    if (!edit.waiting().isEmpty()) {
      note(
          Note.Severity.WARNING,
          "NeedsRestart",
          "%s cannot change while running; the next start takes it"
              .formatted(String.join(", ", edit.waiting())));
    }
  }

  private void note(Note.Severity severity, String reason, String message) {
    journal.note(new Note(severity, reason, OBJECT, message));
  }
}
