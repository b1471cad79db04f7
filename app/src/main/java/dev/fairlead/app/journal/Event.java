package dev.fairlead.app.journal;

import dev.fairlead.core.plan.Note;
import java.time.Instant;

/// A note with its place in time. `sequence` grows by one with each event of a process.
public record Event(long sequence, Instant time, Note note) {}
