package dev.backline.datastack.signingkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SigningKeyTest {

  @TempDir Path directory;

  @Test
  void theKeyIsMadeOnFirstUseForItsOwnerOnlyAndThenKept() throws Exception {
    Path file = directory.resolve("new/signing-key.json");

    String first = SigningKey.at(file).privateJwk();

    assertThat(SigningKey.at(file).privateJwk()).isEqualTo(first);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(file.getParent())
        .isDirectoryContaining("glob:**signing-key.json")
        .isDirectoryNotContaining("glob:**.tmp");
  }

  @Test
  void allWhoAskAtTheSameMomentGetTheSameKey() throws Exception {
    Path file = directory.resolve("signing-key.json");
    int askers = 4;
    var start = new CyclicBarrier(askers);
    Callable<String> ask =
        () -> {
          start.await();
          return SigningKey.at(file).privateJwk();
        };
    var answers = new ArrayList<Future<String>>();
    try (var threads = Executors.newFixedThreadPool(askers)) {
      for (int i = 0; i < askers; i++) {
        answers.add(threads.submit(ask));
      }
    }

    var keys = new HashSet<String>();
    for (var answer : answers) {
      keys.add(answer.get());
    }
    assertThat(keys).hasSize(1);
  }

  @Test
  void thePublishedSetHasNoPrivateMember() throws Exception {
    SigningKey key = SigningKey.at(directory.resolve("signing-key.json"));

    assertThat(key.publicJwkSet())
        .contains("\"keys\"", "\"kid\"", "\"n\"", "\"alg\":\"RS256\"")
        .doesNotContain("\"d\"", "\"p\"", "\"q\"", "\"dp\"", "\"dq\"", "\"qi\"");
  }

  @Test
  void aFileThatHoldsSomethingElseIsLeftAloneAndSaysWhatToDo() throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("signing-key.json"), "{\"kty\":\"RSA\",\"d\":\"half a k");

    assertThatThrownBy(() -> SigningKey.at(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("Delete it")
        .hasMessageNotContaining("half a k");
    assertThat(file).hasContent("{\"kty\":\"RSA\",\"d\":\"half a k");
  }
}
