/// Real client libraries against the running product: chat, streaming, tools, embeddings, errors. A
/// real engine answers where its words matter, the fake one where its faults do.
@NullMarked
package dev.fairlead.lab.clients;

import org.jspecify.annotations.NullMarked;
