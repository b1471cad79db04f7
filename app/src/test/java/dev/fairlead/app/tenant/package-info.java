/// Tests of the keys of tenants.
@NullMarked
package dev.fairlead.app.tenant;

import org.jspecify.annotations.NullMarked;
