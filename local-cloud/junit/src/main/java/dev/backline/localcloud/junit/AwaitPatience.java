package dev.backline.localcloud.junit;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Lets Awaitility wait for up to a minute, in every test that has this module beside it. Its own 10
 * s are less than a JVM may take to start, or a connection to come back, on a machine that is busy
 * with other builds. A wait that succeeds is not longer for it.
 */
public final class AwaitPatience implements LauncherSessionListener {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @Override
  public void launcherSessionOpened(LauncherSession session) {
    Awaitility.setDefaultTimeout(PATIENCE);
  }
}
