package dev.fairlead.app.cli;

import dev.fairlead.app.control.Instance;
import dev.fairlead.app.terminal.Interrupts;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `fairlead chat`.
@Command(
    name = "chat",
    description = {
      "Talks with a model; the answer streams.",
      "Each line of standard input is a message; the conversation goes on until its end. Ctrl-C"
          + " stops an answer, at the prompt it ends the chat. What happens while you wait stands"
          + " on stderr."
    },
    footer = {
      "",
      "Examples:",
      "  fairlead chat smollm2-135m",
      "  fairlead chat smollm2-135m --once \"Why is the sky blue?\"",
      "  echo \"Translate: good morning\" | fairlead chat smollm2-135m > answer.txt"
    })
final class ChatCommand implements Callable<Integer> {
  private final CliEnvironment environment;

  @Mixin private final Target target = new Target();

  @Parameters(paramLabel = "MODEL", description = "A model, by any name that clients may use.")
  private String model = "";

  @Option(
      names = "--system",
      paramLabel = "TEXT",
      defaultValue = "You are a helpful assistant.",
      description = "The system message (default: ${DEFAULT-VALUE}); empty for none.")
  private String system = "";

  @Option(names = "--once", paramLabel = "TEXT", description = "Ask this, and end.")
  private @Nullable String once;

  private final List<ChatClient.Message> conversation = new ArrayList<>();

  ChatCommand(CliEnvironment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    Instance instance = target.instance(environment);
    String key = environment.variables().getOrDefault("FAIRLEAD_API_KEY", "");
    if (!system.isEmpty()) {
      conversation.add(new ChatClient.Message("system", system));
    }
    try (var client = new ChatClient(instance.gatewayUrl(), key, instance.certificateFile())) {
      String question = once;
      if (question != null) {
        return ask(client, question) ? 0 : 1;
      }
      return converse(client);
    }
  }

  private int converse(ChatClient client) {
    boolean well = true;
    for (String line = prompt(); line != null; line = prompt()) {
      if (!line.isBlank()) {
        well &= ask(client, line);
      }
    }
    return well || environment.interactive() ? 0 : 1;
  }

  private @Nullable String prompt() {
    if (environment.interactive()) {
      environment.out().print("> ");
      environment.out().flush();
    }
    try {
      return environment.in().readLine();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the standard input: " + e.getMessage(), e);
    }
  }

  /// Returns whether there was an answer. A question without one is forgotten.
  private boolean ask(ChatClient client, String question) {
    conversation.add(new ChatClient.Message("user", question));
    var answer = new Answer(environment);
    Thread asking = Thread.currentThread();
    try (Interrupts.Handling _ = environment.interrupts().handle(asking::interrupt)) {
      ChatClient.End end = client.ask(model, conversation, answer);
      answer.end();
      conversation.add(new ChatClient.Message("assistant", answer.text.toString()));
      if (end == ChatClient.End.STOPPED) {
        environment.err().println("(stopped)");
      }
      return true;
    } catch (CliException e) {
      answer.end();
      conversation.removeLast();
      Errors.print(environment.err(), String.valueOf(e.getMessage()));
      return false;
    } finally {
      // A late Ctrl-C must not hit the next question.
      var _ = Thread.interrupted();
    }
  }

  /// Prints an answer, and what is said before it.
  private static final class Answer implements ChatClient.Listener {
    private static final String CLEAR_LINE = "\r\u001b[K";

    private final CliEnvironment environment;
    private final PrintStream err;
    final StringBuilder text = new StringBuilder();
    private String lastComment = "";

    Answer(CliEnvironment environment) {
      this.environment = environment;
      this.err = environment.err();
    }

    @Override
    public void text(String piece) {
      clearComment();
      text.append(piece);
      environment.out().print(piece);
      environment.out().flush();
    }

    @Override
    public void waiting(String comment) {
      if (comment.isEmpty() || comment.equals(lastComment) || !text.isEmpty()) {
        return;
      }
      lastComment = comment;
      if (environment.interactive()) {
        err.print(CLEAR_LINE + "(" + comment + ")");
        err.flush();
      } else {
        err.println("(" + comment + ")");
      }
    }

    private void clearComment() {
      if (environment.interactive() && !lastComment.isEmpty() && text.isEmpty()) {
        err.print(CLEAR_LINE);
        err.flush();
      }
    }

    void end() {
      clearComment();
      if (!text.isEmpty()) {
        environment.out().println();
      }
    }
  }
}
