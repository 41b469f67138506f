package dev.backline.beapi.security;

import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;

/** The scopes of this API, and what a caller's token says. */
public final class Scopes {

  public static final String CAMPAIGNS_WRITE = "campaigns:write";
  public static final String LINKS_WRITE = "links:write";
  public static final String STATS_READ = "stats:read";

  private static final String AUTHORITY_PREFIX = "SCOPE_";

  private Scopes() {}

  /** The authority that Spring Security gives a token for a scope. */
  public static String authority(String scope) {
    return AUTHORITY_PREFIX + scope;
  }

  /** Whether the caller has a token with this scope. */
  public static boolean has(@Nullable Authentication caller, String scope) {
    return caller != null
        && caller.getAuthorities().stream()
            .anyMatch(a -> authority(scope).equals(a.getAuthority()));
  }
}
