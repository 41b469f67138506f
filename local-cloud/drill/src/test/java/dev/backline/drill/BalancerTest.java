package dev.backline.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class BalancerTest {

  private final String configuration =
      Balancer.configuration(
          8000, 8001, List.of(new Slot("a", 9001, 0), new Slot("b", 9002, 0)), "/readyz", 3);

  @Test
  void noFailureIsHiddenByASecondTry() {
    assertThat(configuration).contains("retries 0\n").contains("no option redispatch\n");
  }

  @Test
  void everySlotIsCheckedForReadinessUntilTheLagIsOver() {
    assertThat(configuration)
        .contains("server a 127.0.0.1:9001\n")
        .contains("server b 127.0.0.1:9002\n")
        .contains("meth GET uri /readyz")
        .contains("default-server check inter 1s rise 2 fall 3\n");
  }

  @Test
  void aRequestCanChooseItsInstance() {
    assertThat(configuration).contains("use-server b if { req.hdr(X-Drill-Slot) b }\n");
  }
}
