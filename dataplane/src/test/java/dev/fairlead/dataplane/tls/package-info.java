/// Tests of TLS with certificates made by openssl and real clients.
@NullMarked
package dev.fairlead.dataplane.tls;

import org.jspecify.annotations.NullMarked;
