package dev.fairlead.lab.clients;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/// What a handler of LangChain4j hears, the pieces in their order. Safe for every thread.
final class LangChain4jListener implements StreamingChatResponseHandler {
  private final Queue<String> pieces = new ConcurrentLinkedQueue<>();
  private final CompletableFuture<ChatResponse> end = new CompletableFuture<>();

  @Override
  public void onPartialResponse(String piece) {
    pieces.add(piece);
  }

  @Override
  public void onCompleteResponse(ChatResponse response) {
    end.complete(response);
  }

  @Override
  public void onError(Throwable error) {
    end.completeExceptionally(error);
  }

  List<String> pieces() {
    return List.copyOf(pieces);
  }

  /// The whole answer.
  ///
  /// @throws java.util.concurrent.CompletionException when it broke off, or took longer
  ChatResponse await(Duration patience) {
    return end.orTimeout(patience.toSeconds(), TimeUnit.SECONDS).join();
  }
}
